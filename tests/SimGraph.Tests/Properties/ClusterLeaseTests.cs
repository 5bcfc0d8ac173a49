using SimGraph.Properties.Cluster;
using SimGraph.Properties.Cluster.Plan;
using SimGraph.Simulation.Kernel;
using Xunit;

namespace SimGraph.Tests.Properties;

/// <summary>Reads by lease against clocks that keep to the bound, and against one that does not: the second shows that the first could fail.</summary>
public sealed class ClusterLeaseTests
{
    private const int Seeds = 12;

    [Fact]
    public void A_leader_that_is_cut_off_reads_nothing_stale_while_its_clock_keeps_to_the_bound()
    {
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            RunResult result = Run(seed, driftPartsPerMillion: -90_000);
            Assert.Null(result.Violation);
        }
    }

    [Fact]
    public void A_stale_read_is_found_when_the_clock_of_the_leader_breaks_the_bound()
    {
        string? found = null;
        for (ulong seed = 1; seed <= Seeds && found is null; seed++)
        {
            found = Run(seed, driftPartsPerMillion: -980_000).Violation?.Name;
        }

        Assert.StartsWith("history.", found, StringComparison.Ordinal);
    }

    private static RunResult Run(ulong seed, int driftPartsPerMillion)
    {
        var plan = new ClusterPlan
        {
            Nodes = 3,
            Clients = 8,
            Counters = 1,
            SafetyTime = TimeSpan.FromSeconds(12),
            ThinkTimeMax = TimeSpan.FromMilliseconds(400),
            ReadPercent = 95,
            LeaseReadPercent = 100,
            LeaseDriftBoundPartsPerMillion = 100_000,
            Faults =
            [
                new PlannedFault(TimeSpan.FromSeconds(3), FaultKind.ClockDrift, FaultTarget.Leader, 0, TimeSpan.Zero, driftPartsPerMillion),
                new PlannedFault(TimeSpan.FromSeconds(3.1), FaultKind.CutFromPeers, FaultTarget.Leader, 0, TimeSpan.FromSeconds(8), 0),
            ],
        };
        return ClusterScenario.Run(new WorldOptions { Seed = seed }, plan).Result;
    }
}
