using SimGraph.Runtime;
using SimGraph.Runtime.Time;
using Xunit;

namespace SimGraph.Tests.Conformance;

/// <summary>What every clock of the seam promises, and what delays and deadlines on it promise.</summary>
public abstract class ClockConformance
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    [Fact]
    public void Monotonic_time_never_goes_back() => Run(async platform =>
    {
        TimeProvider clock = platform.Clock;
        Assert.True(clock.TimestampFrequency > 0);
        long last = clock.GetTimestamp();
        for (int round = 0; round < 5; round++)
        {
            for (int read = 0; read < 1000; read++)
            {
                long now = clock.GetTimestamp();
                Assert.True(now >= last, $"{last} was followed by {now}");
                last = now;
            }

            await clock.DelayAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None);
        }
    });

    [Fact]
    public void Elapsed_grows_with_a_delay() => Run(async platform =>
    {
        TimeSpan before = platform.Clock.Elapsed();
        await platform.Clock.DelayAsync(Soon, CancellationToken.None);
        Assert.True(platform.Clock.Elapsed() - before >= Soon);
    });

    [Theory]
    [InlineData(0.4)]
    [InlineData(1)]
    [InlineData(7.3)]
    [InlineData(25)]
    public void A_delay_lasts_at_least_its_length(double milliseconds) => Run(async platform =>
    {
        var delay = TimeSpan.FromMilliseconds(milliseconds);
        for (int round = 0; round < 5; round++)
        {
            long start = platform.Clock.GetTimestamp();
            await platform.Clock.DelayAsync(delay, CancellationToken.None);
            TimeSpan waited = platform.Clock.GetElapsedTime(start);
            Assert.True(waited >= delay, $"waited {waited} of {delay}");
        }
    });

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(-100_000)]
    public void A_delay_of_zero_or_less_ends_at_once_and_needs_no_timer(double milliseconds) => Run(async platform =>
    {
        var clock = new CountingClock(platform.Clock);
        Task delay = clock.DelayAsync(TimeSpan.FromMilliseconds(milliseconds), CancellationToken.None);
        Assert.True(delay.IsCompletedSuccessfully);
        await delay;
        Assert.Equal(0, clock.Created);
    });

    [Fact]
    public void A_delay_with_a_cancelled_token_starts_no_timer() => Run(async platform =>
    {
        var clock = new CountingClock(platform.Clock);
        using var source = new CancellationTokenSource();
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => clock.DelayAsync(Never, source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => clock.DelayAsync(TimeSpan.Zero, source.Token));
        Assert.Equal(0, clock.Created);
    });

    [Fact]
    public void A_delay_cancelled_while_it_waits_ends_and_leaves_no_timer() => Run(async platform =>
    {
        var clock = new CountingClock(platform.Clock);
        using var source = new CancellationTokenSource();
        Task delay = clock.DelayAsync(Never, source.Token);
        Assert.Equal(1, clock.Live);
        Assert.False(delay.IsCompleted);
        source.Cancel();
        OperationCanceledException exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delay);
        Assert.Equal(source.Token, exception.CancellationToken);
        Assert.Equal(0, clock.Live);
    });

    [Fact]
    public void A_delay_that_ended_leaves_no_timer() => Run(async platform =>
    {
        var clock = new CountingClock(platform.Clock);
        await clock.DelayAsync(Soon, CancellationToken.None);
        Assert.True(clock.Created > 0);
        Assert.Equal(0, clock.Live);
    });

    [Fact]
    public void A_timer_fires_once_when_it_has_no_period() => Run(async platform =>
    {
        var fired = new FiredTimes();
        ITimer timer = platform.Clock.CreateTimer(fired.Record, null, Soon, Timeout.InfiniteTimeSpan);
        await fired.WaitForAsync(1);
        await platform.Clock.DelayAsync(4 * Soon, CancellationToken.None);
        await timer.DisposeAsync();
        Assert.Equal(1, fired.Count);
    });

    [Fact]
    public void A_timer_that_is_due_at_once_fires() => Run(async platform =>
    {
        var fired = new FiredTimes();
        using ITimer timer = platform.Clock.CreateTimer(fired.Record, null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        await fired.WaitForAsync(1);
    });

    [Fact]
    public void A_timer_is_given_its_state() => Run(async platform =>
    {
        var state = new object();
        var given = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
        using ITimer timer = platform.Clock.CreateTimer(s => given.TrySetResult(s), state, Soon, Timeout.InfiniteTimeSpan);
        Assert.Same(state, await given.Task);
    });

    [Fact]
    public void A_timer_with_a_period_fires_until_it_is_disposed() => Run(async platform =>
    {
        var fired = new FiredTimes();
        ITimer timer = platform.Clock.CreateTimer(fired.Record, null, Soon, Soon);
        await fired.WaitForAsync(3);
        await timer.DisposeAsync();
        int count = fired.Count;
        await platform.Clock.DelayAsync(4 * Soon, CancellationToken.None);
        Assert.Equal(count, fired.Count);
    });

    [Fact]
    public void A_timer_disposed_before_it_is_due_does_not_fire() => Run(async platform =>
    {
        var fired = new FiredTimes();
        ITimer timer = platform.Clock.CreateTimer(fired.Record, null, 2 * Soon, Timeout.InfiniteTimeSpan);
        await timer.DisposeAsync();
        await timer.DisposeAsync();
        int count = fired.Count;
        await platform.Clock.DelayAsync(6 * Soon, CancellationToken.None);
        Assert.Equal(count, fired.Count);
    });

    [Fact]
    public void A_timer_can_be_brought_forward_put_off_and_stopped() => Run(async platform =>
    {
        var fired = new FiredTimes();
        await using ITimer timer = platform.Clock.CreateTimer(
            fired.Record, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Assert.True(timer.Change(Never, Timeout.InfiniteTimeSpan));
        Assert.Equal(0, fired.Count);
        Assert.True(timer.Change(Soon, Timeout.InfiniteTimeSpan));
        await fired.WaitForAsync(1);

        // It can be used again after it has fired, and put off before it fires.
        Assert.True(timer.Change(Never, Timeout.InfiniteTimeSpan));
        await platform.Clock.DelayAsync(4 * Soon, CancellationToken.None);
        Assert.Equal(1, fired.Count);
        Assert.True(timer.Change(Soon, Soon));
        await fired.WaitForAsync(3);
        Assert.True(timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
    });

    [Fact]
    public void A_disposed_timer_refuses_changes() => Run(async platform =>
    {
        var fired = new FiredTimes();
        ITimer timer = platform.Clock.CreateTimer(fired.Record, null, Never, Timeout.InfiniteTimeSpan);
        await timer.DisposeAsync();
        Assert.False(timer.Change(Soon, Soon));
        await platform.Clock.DelayAsync(4 * Soon, CancellationToken.None);
        Assert.Equal(0, fired.Count);
    });

    [Fact]
    public void Timers_fire_in_the_order_of_their_due_times() => Run(async platform =>
    {
        var first = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        TimerCallback record = name => first.TrySetResult((string)name!);
        await using ITimer late = platform.Clock.CreateTimer(record, "late", TimeSpan.FromSeconds(20), Timeout.InfiniteTimeSpan);
        await using ITimer early = platform.Clock.CreateTimer(record, "early", Soon, Timeout.InfiniteTimeSpan);
        await using ITimer later = platform.Clock.CreateTimer(record, "later", TimeSpan.FromSeconds(30), Timeout.InfiniteTimeSpan);
        Assert.Equal("early", await first.Task);
    });

    [Fact]
    public void A_deadline_cancels_its_token_when_the_time_is_up() => Run(async platform =>
    {
        var clock = new CountingClock(platform.Clock);
        using (var deadline = Deadline.After(clock, Soon, CancellationToken.None))
        {
            await deadline.Token.WhenCancelledAsync(out _);
            Assert.True(deadline.Expired);
        }

        Assert.Equal(0, clock.Live);
    });

    [Fact]
    public void A_deadline_follows_the_outer_token() => Run(async platform =>
    {
        var clock = new CountingClock(platform.Clock);
        using var outer = new CancellationTokenSource();
        using (var deadline = Deadline.After(clock, Never, outer.Token))
        {
            Assert.False(deadline.Token.IsCancellationRequested);
            outer.Cancel();
            await deadline.Token.WhenCancelledAsync(out _);
            Assert.False(deadline.Expired);
        }

        using (var deadline = Deadline.After(clock, Never, outer.Token))
        {
            Assert.True(deadline.Token.IsCancellationRequested);
            Assert.False(deadline.Expired);
        }

        Assert.Equal(0, clock.Live);
    });

    [Fact]
    public void A_deadline_disposed_in_time_leaves_no_timer_and_never_cancels() => Run(async platform =>
    {
        var clock = new CountingClock(platform.Clock);
        using var outer = new CancellationTokenSource();
        var deadline = Deadline.After(clock, Never, outer.Token);
        CancellationToken token = deadline.Token;
        deadline.Dispose();
        deadline.Dispose();
        outer.Cancel();
        await platform.Clock.DelayAsync(Soon, CancellationToken.None);
        Assert.False(token.IsCancellationRequested);
        Assert.Equal(0, clock.Live);
    });

    [Fact]
    public void A_deadline_disposed_while_it_expires_is_harmless() => Run(async platform =>
    {
        for (int round = 0; round < 50; round++)
        {
            var deadline = Deadline.After(platform.Clock, TimeSpan.FromMilliseconds(1), CancellationToken.None);
            await platform.Clock.DelayAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None);
            deadline.Dispose();
        }
    });

    [Fact]
    public void A_deadline_needs_a_limit_above_zero() => Run(platform =>
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Deadline.After(platform.Clock, TimeSpan.Zero, CancellationToken.None));
        return Task.CompletedTask;
    });

    /// <summary>Runs the body to its end on the platform under test.</summary>
    protected abstract void Run(Func<IPlatform, Task> body);
}
