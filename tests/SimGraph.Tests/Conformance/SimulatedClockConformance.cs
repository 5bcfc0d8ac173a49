using SimGraph.Runtime;
using SimGraph.Runtime.Time;
using Xunit;

namespace SimGraph.Tests.Conformance;

public sealed class SimulatedClockConformance : ClockConformance
{
    [Fact]
    public void Timers_a_tick_apart_fire_in_order_and_on_time() => Run(async platform =>
    {
        var fired = new List<int>();
        var timers = new List<ITimer>();
        TimeSpan start = platform.Clock.Elapsed();
        int[] due = [5, 3, 9, 1, 7, 8, 2, 6, 4];
        foreach (int ticks in due)
        {
            timers.Add(platform.Clock.CreateTimer(
                _ =>
                {
                    Assert.True(platform.Clock.Elapsed() - start >= TimeSpan.FromTicks(100 * ticks));
                    fired.Add(ticks);
                },
                null,
                TimeSpan.FromTicks(100 * ticks),
                Timeout.InfiniteTimeSpan));
        }

        await platform.Clock.DelayAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], fired);
        timers.ForEach(timer => timer.Dispose());
    });

    [Fact]
    public void A_long_delay_costs_no_real_time_and_is_exact() => Run(async platform =>
    {
        TimeSpan start = platform.Clock.Elapsed();
        await platform.Clock.DelayAsync(TimeSpan.FromHours(10), CancellationToken.None);
        TimeSpan late = platform.Clock.Elapsed() - start - TimeSpan.FromHours(10);
        Assert.InRange(late, TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
    });

    protected override void Run(Func<IPlatform, Task> body) => SimulatedPlatforms.Run(body);
}
