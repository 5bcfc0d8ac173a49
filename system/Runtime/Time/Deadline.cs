// Concurrency model: the timer, the outer token and disposal may race on different threads. Disposal blocks on none of them and leaves neither a
// timer nor a registration behind; a callback that is already running then cancels a token that nobody waits for. The source itself is not
// disposed: without a timer or a wait handle of its own it holds nothing, and a late Cancel on it must stay harmless.

using SimGraph.Runtime.Concurrency;

namespace SimGraph.Runtime.Time;

/// <summary>A token that is cancelled by another token or after a time on the clock, whichever is first. Dispose it: that ends its timer.</summary>
public sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationToken _outer;
    private readonly TokenSubscription _subscription;
    private readonly ITimer _timer;

    private Deadline(TimeProvider clock, TimeSpan limit, CancellationToken outer)
    {
        _outer = outer;
        _timer = clock.CreateTimer(
            static state => ((CancellationTokenSource)state!).Cancel(), _source, limit, Timeout.InfiniteTimeSpan);
        _subscription = outer.Subscribe(static state => ((CancellationTokenSource)state!).Cancel(), _source);
    }

    /// <summary>The token to pass on.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>True when the time ran out and the outer token was not cancelled.</summary>
    public bool Expired => _source.IsCancellationRequested && !_outer.IsCancellationRequested;

    /// <summary>Starts one.</summary>
    /// <param name="clock">Whose monotonic time counts.</param>
    /// <param name="limit">Greater than zero.</param>
    /// <param name="outer">Cancels the token too.</param>
    public static Deadline After(TimeProvider clock, TimeSpan limit, CancellationToken outer)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);
        return new Deadline(clock, limit, outer);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _subscription.Dispose();
    }
}
