using SimGraph.Simulation.Exploration;

namespace SimGraph.Tests.Properties.Plans;

/// <summary>A scenario under the properties of plans.</summary>
/// <param name="Scenario">What is run.</param>
/// <param name="Plans">How many plans are tried.</param>
/// <param name="Met">Faults and probes that some of them must meet, or the property is empty.</param>
internal sealed record PlanSubject(IPlannedScenario Scenario, int Plans, params string[] Met)
{
    /// <inheritdoc/>
    public override string ToString() => Scenario.Name;
}
