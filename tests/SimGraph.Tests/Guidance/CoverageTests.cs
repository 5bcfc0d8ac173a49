using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;
using Xunit;

namespace SimGraph.Tests.Guidance;

public sealed class CoverageTests
{
    [Fact]
    public void The_order_of_events_on_a_machine_is_seen_and_other_machines_between_them_are_not()
    {
        Assert.NotEqual(Pairs((1, "a"), (1, "b")), Pairs((1, "b"), (1, "a")));
        Assert.Equal(Pairs((1, "a"), (1, "b"), (2, "a")), Pairs((1, "a"), (2, "a"), (1, "b")));
        Assert.Equal(Pairs((1, "a"), (1, "b")), Pairs((40, "a"), (40, "b")));
    }

    [Fact]
    public void Once_is_less_than_often_and_often_is_not_counted_exactly()
    {
        int[] once = Levels(1);
        Assert.NotEqual(once, Levels(3));
        Assert.NotEqual(Levels(3), Levels(20));
        Assert.Equal(Levels(20), Levels(25));
        Assert.Equal(Levels(1_000), Levels(10_000));
    }

    [Fact]
    public void Probes_events_and_log_messages_are_places_and_the_run_stays_what_it_is()
    {
        (ulong hash, int none) = Run(coverage: null);
        var coverage = new Coverage();
        (ulong noted, int pairs) = Run(coverage);
        Assert.Equal(hash, noted);
        Assert.Equal(0, none);
        Assert.InRange(pairs, 3, int.MaxValue);
    }

    private static (ulong Hash, int Pairs) Run(Coverage? coverage)
    {
        RunResult result = new World(new WorldOptions { Seed = 1, Coverage = coverage }).Run((world, platform) =>
        {
            world.Trace.Emit(TraceKind.Phase, null, 1);
            platform.Probes.Reachable("coverage.reached");
            platform.Probes.Sometimes(false, "coverage.not-reached");
            return Task.CompletedTask;
        });
        return (result.Hash, coverage?.Pairs.Count ?? 0);
    }

    private static int[] Levels(int times)
    {
        var coverage = new Coverage();
        for (int i = 0; i < times; i++)
        {
            coverage.Visit(1, "a");
        }

        return [.. coverage.Levels.Order()];
    }

    private static ushort[] Pairs(params (int Machine, string Place)[] visits)
    {
        var coverage = new Coverage();
        foreach ((int machine, string place) in visits)
        {
            coverage.Visit(machine, place);
        }

        return [.. coverage.Pairs.Order()];
    }
}
