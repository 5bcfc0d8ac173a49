using SimGraph.Properties.Cluster.Plan;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Cluster;

/// <summary>1 to 7 nodes of the graph database and several clients under faults; checked for safety all the time and for liveness after healing.</summary>
public sealed class ClusterScenario : PlannedScenario<ClusterPlan>
{
    /// <inheritdoc/>
    public override string Name => "cluster";

    /// <inheritdoc/>
    public override string Description => "a replicated graph database of 1 to 7 nodes with clients, under network, disk, clock and machine faults";

    /// <inheritdoc/>
    public override IReadOnlyList<string> RequiredProbes => ClusterProbes.Required;

    /// <inheritdoc/>
    public override ScenarioOutcome Run(ScenarioRequest request, ClusterPlan plan)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Run(request.ToWorldOptions(), plan, request.HistoryListener);
    }

    /// <summary>Runs a given plan.</summary>
    public static ScenarioOutcome Run(WorldOptions options, ClusterPlan plan, Action<string>? historyListener = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(plan);
        var world = new World(options with { Network = plan.Network, ChancePoints = plan.ChancePoints });
        ClusterRun? run = null;
        RunResult result = world.Run((_, harness) => (run = new ClusterRun(world, harness, plan)).RunAsync());
        if (historyListener is not null && run is not null)
        {
            foreach (string line in run.History.Lines())
            {
                historyListener(line);
            }
        }

        return new ScenarioOutcome(result, PlanListing.Of(plan));
    }

    /// <inheritdoc/>
    protected override ClusterPlan Draw(PlanChoices choices, string profile) => new ClusterPlanner(choices, profile).Draw();
}
