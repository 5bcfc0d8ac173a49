using SimGraph.Simulation.Choices;

namespace SimGraph.Simulation.Exploration;

/// <summary>A scenario whose runs are made from a plan: a record of everything but the world's own choices.</summary>
/// <typeparam name="TPlan">An immutable record; its properties may be records, and lists of records.</typeparam>
public abstract class PlannedScenario<TPlan> : IPlannedScenario
    where TPlan : class
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract string Description { get; }

    /// <inheritdoc/>
    public abstract IReadOnlyList<string> RequiredProbes { get; }

    /// <inheritdoc/>
    public Type PlanType => typeof(TPlan);

    /// <inheritdoc/>
    public ScenarioOutcome Run(ScenarioRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Profiles.Check(request.Profile);
        IChoiceSource choices = request.Choices ?? new SeededChoices(request.Seed);
        return Run(request with { Choices = choices }, Draw(new PlanChoices(choices), request.Profile));
    }

    /// <inheritdoc/>
    public object Plan(ScenarioRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Profiles.Check(request.Profile);
        return Draw(new PlanChoices(request.Choices ?? new SeededChoices(request.Seed)), request.Profile);
    }

    /// <inheritdoc/>
    public ScenarioOutcome Run(ScenarioRequest request, object plan) => Run(request, (TPlan)plan);

    /// <summary>Runs a plan, on the calling thread, to the end.</summary>
    public abstract ScenarioOutcome Run(ScenarioRequest request, TPlan plan);

    /// <summary>Draws a plan.</summary>
    protected abstract TPlan Draw(PlanChoices choices, string profile);
}
