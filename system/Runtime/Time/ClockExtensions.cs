// Waiting by the seam's clock. Built on TimeProvider.CreateTimer and TaskCompletionSource only: Task.Delay with a TimeProvider is not
// controlled by Coyote, and real ones would not see virtual time.

using SimGraph.Runtime.Concurrency;

namespace SimGraph.Runtime.Time;

/// <summary>Delays and elapsed time on a <see cref="TimeProvider"/>.</summary>
public static class ClockExtensions
{
    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(1);

    /// <summary>Monotonic time since the clock's own zero. Only differences mean anything.</summary>
    public static TimeSpan Elapsed(this TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return clock.GetElapsedTime(0, clock.GetTimestamp());
    }

    /// <summary>Ends after <paramref name="delay"/> of the clock's monotonic time; at once for zero or less.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public static async Task DelayAsync(this TimeProvider clock, TimeSpan delay, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(clock);
        cancellationToken.ThrowIfCancellationRequested();
        if (delay <= TimeSpan.Zero)
        {
            return;
        }

        long start = clock.GetTimestamp();
        TimeSpan rest = delay;
        do
        {
            await WaitForTimerAsync(clock, rest, cancellationToken);

            // The system's timers count a coarser clock than GetTimestamp and fire up to a few milliseconds early by it.
            rest = delay - clock.GetElapsedTime(start);
            if (rest < ShortestRest)
            {
                rest = rest > TimeSpan.Zero ? ShortestRest : TimeSpan.Zero;
            }
        }
        while (rest > TimeSpan.Zero);
    }

    /// <summary>A task that ends, without a fault, when the token is cancelled. Unregister the registration when it is no longer wanted.</summary>
    public static Task WhenCancelledAsync(this CancellationToken cancellationToken, out CancellationTokenRegistration registration)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        registration = cancellationToken.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), cancelled);
        return cancelled.Task;
    }

    private static async Task WaitForTimerAsync(TimeProvider clock, TimeSpan delay, CancellationToken cancellationToken)
    {
        var elapsed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using ITimer timer = clock.CreateTimer(
            static state => ((TaskCompletionSource)state!).TrySetResult(), elapsed, delay, Timeout.InfiniteTimeSpan);
        using TokenSubscription subscription = cancellationToken.Subscribe(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), elapsed);
        await elapsed.Task;
    }
}
