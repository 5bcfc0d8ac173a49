namespace SimGraph.Simulation.Exploration;

/// <summary>A scenario that draws a plan before there is a world, and can be run with a given one.</summary>
public interface IPlannedScenario : IScenario
{
    /// <summary>The record that its plans are.</summary>
    Type PlanType { get; }

    /// <summary>The plan that a request's run is made from.</summary>
    object Plan(ScenarioRequest request);

    /// <summary>Runs a plan. The seed and the choices of the request answer what the plan leaves open.</summary>
    ScenarioOutcome Run(ScenarioRequest request, object plan);
}
