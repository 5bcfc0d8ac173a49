using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Queries;

/// <summary>Streams, pipelines, parallel queries, a worker pool and subscribers over a graph that is written to, all of them given up, cancelled and stopped at random moments.</summary>
public sealed class QueryScenario : PlannedScenario<QueryPlan>
{
    /// <inheritdoc/>
    public override string Name => "query";

    /// <inheritdoc/>
    public override string Description => "streams, parallel queries, a worker pool and subscribers over a changing graph: abandoned, cancelled and stopped at random moments";

    /// <inheritdoc/>
    public override IReadOnlyList<string> RequiredProbes { get; } =
    [
        "query.abandoned-full",
        "query.cancelled-in-the-middle",
        "query.change-missed",
        "query.handler-running-at-unsubscribe",
        "query.pool-stopped-with-work",
        "query.read-to-the-end",
        "query.subscriber-caught-up",
        "query.submitted-to-stopped-pool",
        "query.worker-ran-what-did-not-fit",
        "query.worker-ran-what-it-joined",
    ];

    /// <inheritdoc/>
    public override ScenarioOutcome Run(ScenarioRequest request, QueryPlan plan)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Run(request.ToWorldOptions(), plan);
    }

    /// <summary>Runs a given plan.</summary>
    public static ScenarioOutcome Run(WorldOptions options, QueryPlan plan)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(plan);
        var world = new World(options with { ChancePoints = plan.ChancePoints, VirtualTimeMax = TimeSpan.FromHours(2) });
        RunResult result = world.Run((_, harness) => new QueryRun(world, harness, plan).RunAsync());
        return new ScenarioOutcome(result, PlanListing.Of(plan));
    }

    /// <inheritdoc/>
    protected override QueryPlan Draw(PlanChoices choices, string profile) => new QueryPlanner(choices, profile).Draw();
}
