using FsCheck.Xunit;
using SimGraph.Properties.Fanout;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using Xunit;

namespace SimGraph.Tests.Replication.Fanout;

/// <summary>Publisher, replica, health and forwarder are stopped at any moment, in order or not: each stop is bounded, leaves an empty ledger, and the rest goes on.</summary>
public sealed class FanoutStopProperties
{
    // Each byte is one stop: its low bits say of which machine, its high bits how long after the one before. Arrays of bytes shrink well.
    [Property(MaxTest = 40)]
    public void Whatever_is_stopped_whenever_nothing_outlives_it_and_all_come_to_the_same_state(ulong seed, byte[] stops)
    {
        var script = new List<FanoutFault>();
        TimeSpan at = TimeSpan.FromMilliseconds(5);
        foreach (byte stop in stops.Take(24))
        {
            at += TimeSpan.FromMilliseconds((stop >> 3) * 11.3);
            FanoutFaultKind kind = (stop & 7) == 7 ? FanoutFaultKind.Partition : FanoutFaultKind.Stop;
            script.Add(new FanoutFault(at, kind, stop & 7, (stop + 1) & 7, TimeSpan.FromMilliseconds(stop)));
        }

        var plan = new FanoutPlan
        {
            Members = 1 + (int)(seed % 3),
            Replicas = 2,
            OtherCentre = seed % 2 == 0,
            SafetyTime = at + TimeSpan.FromSeconds(1),
            Mark = seed % 5 == 0 ? 2 : 1000,
            FlushEntries = 20,
            Faults = script,
        };

        ScenarioOutcome outcome = FanoutScenario.Run(new WorldOptions { Seed = seed }, plan);

        Assert.Null(outcome.Result.Violation);
    }

    [Fact]
    public void The_same_seed_and_history_reach_the_same_state_over_tcp_and_over_zeromq()
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            RunResult first = RunQuiet(seed);
            RunResult second = RunQuiet(seed);

            Assert.Null(first.Violation);
            Assert.NotEqual(0, first.Counters["fanout.compared-over-tcp"]);
            Assert.NotEqual(0, first.Counters["fanout.compared-over-zeromq"]);
            Assert.Equal(first.Hash, second.Hash);
        }
    }

    private static RunResult RunQuiet(ulong seed) => FanoutScenario.Run(
        new WorldOptions { Seed = seed }, new FanoutPlan { SafetyTime = TimeSpan.FromSeconds(3), OtherCentre = true }).Result;
}
