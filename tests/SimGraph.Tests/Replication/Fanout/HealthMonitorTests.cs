using SimGraph.Replication.Fanout.Health;
using Xunit;

namespace SimGraph.Tests.Replication.Fanout;

public sealed class HealthMonitorTests
{
    private readonly HealthMonitor _monitor = new(new HealthOptions());

    [Fact]
    public void A_fresh_replica_is_healthy_and_not_late_for_the_time_before_it()
    {
        _monitor.Published(10, Seconds(0));

        (ReplicaHealth before, ReplicaStanding after) = _monitor.Heard("r", 10, Seconds(5000));

        Assert.Equal(ReplicaHealth.None, before);
        Assert.Equal(ReplicaHealth.Healthy, after.Health);
        Assert.Equal(TimeSpan.Zero, after.Silence);
    }

    [Fact]
    public void A_replica_that_is_ahead_of_the_publisher_is_behind_by_nothing()
    {
        _monitor.Published(10, Seconds(0));

        ReplicaStanding standing = _monitor.Heard("r", 11, Seconds(60)).After;

        Assert.Equal(0ul, standing.IndexesBehind);
        Assert.Equal(TimeSpan.Zero, standing.Lag);
        Assert.Equal(ReplicaHealth.Healthy, standing.Health);
    }

    [Theory]
    [InlineData(1000, ReplicaHealth.Healthy)]
    [InlineData(1001, ReplicaHealth.Degraded)]
    public void A_replica_that_is_far_behind_is_degraded(int behind, ReplicaHealth expected)
    {
        _monitor.Published(5000, Seconds(0));

        Assert.Equal(expected, _monitor.Heard("r", 5000 - (ulong)behind, Seconds(1)).After.Health);
    }

    [Theory]
    [InlineData(10, ReplicaHealth.Healthy)]
    [InlineData(11, ReplicaHealth.Degraded)]
    public void A_replica_that_misses_one_entry_for_long_is_degraded(int seconds, ReplicaHealth expected)
    {
        _monitor.Published(7, Seconds(0));
        _monitor.Published(8, Seconds(100));
        _monitor.Published(9, Seconds(100 + seconds));

        ReplicaStanding standing = _monitor.Heard("r", 7, Seconds(100 + seconds)).After;

        Assert.Equal(Seconds(seconds), standing.Lag);
        Assert.Equal(expected, standing.Health);
    }

    [Theory]
    [InlineData(5, ReplicaHealth.Healthy)]
    [InlineData(6, ReplicaHealth.Degraded)]
    [InlineData(29, ReplicaHealth.Degraded)]
    [InlineData(30, ReplicaHealth.Unhealthy)]
    [InlineData(100_000, ReplicaHealth.Unhealthy)]
    public void Silence_makes_a_replica_degraded_then_unhealthy_and_a_report_heals_it(int silence, ReplicaHealth expected)
    {
        _monitor.Heard("r", 1, Seconds(1));

        Assert.Equal(expected, Assert.Single(_monitor.Assess(Seconds(1 + silence))).Health);
        (ReplicaHealth before, ReplicaStanding after) = _monitor.Heard("r", 1, Seconds(1 + silence));
        Assert.Equal(expected, before);
        Assert.Equal(ReplicaHealth.Healthy, after.Health);
        Assert.Equal(ReplicaHealth.Healthy, Assert.Single(_monitor.Assess(Seconds(2 + silence))).Health);
    }

    [Fact]
    public void Only_so_many_replicas_are_remembered_and_the_one_that_was_silent_longest_goes()
    {
        var monitor = new HealthMonitor(new HealthOptions { ReplicasMax = 2 });
        monitor.Heard("a", 1, Seconds(2));
        monitor.Heard("b", 1, Seconds(1));
        monitor.Heard("c", 1, Seconds(3));

        Assert.Equal(["a", "c"], monitor.Assess(Seconds(3)).Select(standing => standing.Name));
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
