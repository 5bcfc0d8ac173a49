using SimGraph.Properties.Cluster;
using SimGraph.Properties.Cluster.Plan;
using SimGraph.Replication;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using Xunit;

namespace SimGraph.Regressions;

/// <summary>some.check: 1 &lt; 2 &amp; more</summary>
public sealed class WrittenRegression
{
    [Fact]
    public void Nothing_is_violated()
    {
        var plan = new ClusterPlan
        {
            Acknowledgements = new AcknowledgementPlan(WriteAcknowledgement.Quorum, TimeSpan.FromSeconds(1), 10, 0, 5),
            Clients = 1,
            OperationsMax = 4,
            SafetyTime = TimeSpan.FromMilliseconds(1500),
            ThinkTimeMax = TimeSpan.Zero,
            ClockOffsetMax = new TimeSpan(12345),
            ChancePoints = true,
            Disk = new DiskFaultOptions
            {
                StallPartsPerMillion = 1000,
            },
            Faults =
            [
                new PlannedFault(TimeSpan.FromMilliseconds(400), FaultKind.Crash, FaultTarget.Leader, 0, TimeSpan.FromMilliseconds(300), -5),
                new PlannedFault(TimeSpan.FromMilliseconds(900), FaultKind.Pause, FaultTarget.Follower, 1, TimeSpan.FromMilliseconds(100), 0),
            ],
        };
        Violation? violation = new ClusterScenario().Run(new ScenarioRequest { Seed = 77UL, Choices = FixedSites.Of(
                77UL,
                ("network.latency", FixedAnswer.Least),
                ("random.workload", FixedAnswer.Largest)) }, plan).Result.Violation;
        Assert.True(violation is null, violation?.Message);
    }
}
