using SimGraph.Properties.Cluster.Failover;
using SimGraph.Properties.Cluster.Plan;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Bench;

/// <summary>Measures, in virtual time, how long clients wait when the leader goes down. Members and clients have the product's default options.</summary>
public sealed class FailoverBench
{
    /// <summary>Runs once on the calling thread. The profile of the request gives the faults of the network; there are no others.</summary>
    public FailoverOutcome Run(ScenarioRequest request, FailoverLoad load)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(load);
        WorldOptions options = request.ToWorldOptions();
        IChoiceSource choices = options.Choices ?? new SeededChoices(options.Seed);
        ClusterPlan plan = new ClusterPlanner(new PlanChoices(choices), request.Profile).Draw(drawn => drawn with
        {
            Nodes = load.Nodes,
            Clients = load.Clients,
            HeartbeatInterval = TimeSpan.FromSeconds(1),
            ElectionTimeout = TimeSpan.FromSeconds(5),
            FlushEntries = 10_000,
            LateJoinAt = TimeSpan.Zero,
        });
        plan = plan with
        {
            ChancePoints = false,
            ClockOffsetMax = TimeSpan.Zero,
            ClockDriftPartsPerMillionMax = 0,
            Disk = DiskFaultOptions.None,
            Faults = [],
        };
        var world = new World(options with { Choices = choices, Network = plan.Network, ChancePoints = false });
        FailoverRun? run = null;
        RunResult result = world.Run((_, harness) => (run = new FailoverRun(world, harness, plan, load)).RunAsync());
        return new FailoverOutcome(result, plan.ElectionTimeout, run?.Elections ?? [], run?.Unavailability ?? []);
    }
}
