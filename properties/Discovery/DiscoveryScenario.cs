using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Discovery;

/// <summary>3 to 7 nodes find each other by some seeds and watch over each other, under faults, with clones and lost disks.</summary>
public sealed class DiscoveryScenario : PlannedScenario<DiscoveryPlan>
{
    /// <inheritdoc/>
    public override string Name => "discovery";

    /// <inheritdoc/>
    public override string Description => "3 to 7 nodes that know only some seeds find each other and notice who fails, under network, clock and machine faults, clones and lost disks";

    /// <inheritdoc/>
    public override IReadOnlyList<string> RequiredProbes { get; } =
    [
        "discovery.address-changed",
        "discovery.heartbeat-failed",
        "discovery.member-came-back",
        "discovery.member-died",
        "discovery.member-removed",
        "discovery.name-not-resolved",
        "discovery.request-refused",
        "discovery.rival-fenced",
        "discovery.seed-failed",
        "discovery.self-fenced",
        "discovery.stale-fenced",
        "discovery.stopped-while-starting",
    ];

    /// <inheritdoc/>
    public override ScenarioOutcome Run(ScenarioRequest request, DiscoveryPlan plan)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Run(request.ToWorldOptions(), plan);
    }

    /// <summary>Runs a given plan.</summary>
    public static ScenarioOutcome Run(WorldOptions options, DiscoveryPlan plan)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(plan);
        var world = new World(options with { Network = plan.Network, ChancePoints = plan.ChancePoints });
        RunResult result = world.Run((_, harness) => new DiscoveryRun(world, harness, plan).RunAsync());
        return new ScenarioOutcome(result, PlanListing.Of(plan));
    }

    /// <inheritdoc/>
    protected override DiscoveryPlan Draw(PlanChoices choices, string profile) => new DiscoveryPlanner(choices, profile).Draw();
}
