using SimGraph.Properties.Bench;
using SimGraph.Properties.Cluster.Plan;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Cluster;

/// <summary>Three nodes under a stated load, with the time-outs that the product has by default; the faults are those of the profile.</summary>
public sealed class ClusterBench : IClusterBench
{
    /// <inheritdoc/>
    public ScenarioOutcome Run(ScenarioRequest request, ClusterBenchLoad load)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(load);
        WorldOptions options = request.ToWorldOptions();
        IChoiceSource choices = options.Choices ?? new SeededChoices(options.Seed);
        ClusterPlan plan = new ClusterPlanner(new PlanChoices(choices), request.Profile).Draw(drawn => drawn with
        {
            Nodes = 3,
            Clients = load.Clients,
            SafetyTime = load.VirtualTime,
            HeartbeatInterval = TimeSpan.FromSeconds(1),
            ElectionTimeout = TimeSpan.FromSeconds(5),
            FlushEntries = 10_000,
            ReadPercent = 0,
            ThinkTimeMax = load.WritesPerVirtualSecond is { } rate ? TimeSpan.FromSeconds(2.0 * load.Clients / rate) : TimeSpan.Zero,
            OperationLimit = TimeSpan.FromSeconds(30),
            LateJoinAt = TimeSpan.Zero,
        });
        return ClusterScenario.Run(options with { Choices = choices }, plan);
    }
}
