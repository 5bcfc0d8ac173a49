using SimGraph.Properties.Cluster;
using SimGraph.Properties.Cluster.Plan;
using SimGraph.Simulation.Kernel;
using Xunit;

namespace SimGraph.Tests.Properties;

/// <summary>The maneuvers get where they want to get, and the cluster bears it.</summary>
public sealed class LogManeuverTests
{
    private const int Seeds = 3;

    [Theory]
    [InlineData(ManeuverKind.FormerLeaderReturns, 3)]
    [InlineData(ManeuverKind.FormerLeaderReturns, 5)]
    [InlineData(ManeuverKind.SlowLeaderStays, 3)]
    [InlineData(ManeuverKind.LeadersAlternate, 3)]
    [InlineData(ManeuverKind.LeadersAlternate, 5)]
    [InlineData(ManeuverKind.FollowerStopsWhileItWrites, 3)]
    [InlineData(ManeuverKind.FollowerStopsWhileItWrites, 5)]
    public void It_is_carried_through_and_nothing_is_lost(ManeuverKind kind, int nodes)
    {
        long completed = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            RunResult result = Run(seed, kind, nodes);
            Assert.Null(result.Violation);
            completed += result.Counters.GetValueOrDefault($"cluster.maneuver-completed.{kind}");
        }

        Assert.True(completed > 0, $"{kind} was never carried through in {Seeds} runs");
    }

    private static RunResult Run(ulong seed, ManeuverKind kind, int nodes)
    {
        var plan = new ClusterPlan
        {
            Nodes = nodes,
            Clients = 5,
            SafetyTime = TimeSpan.FromSeconds(12),
            ThinkTimeMax = TimeSpan.FromMilliseconds(100),
            AppendBytesMax = 1,
            Maneuvers = [.. Enumerable.Range(1, 4).Select(turn => new PlannedManeuver(TimeSpan.FromSeconds(turn), kind, TimeSpan.FromSeconds(2)))],
        };
        return ClusterScenario.Run(new WorldOptions { Seed = seed }, plan).Result;
    }
}
