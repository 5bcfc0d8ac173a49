namespace SimGraph.Runtime.Time;

/// <summary>A token that is cancelled by another token or after a time on the clock, whichever is first. Dispose it: that ends its timer.</summary>
public sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _outer;
    private readonly ITimer _timer;

    private Deadline(TimeProvider clock, TimeSpan limit, CancellationToken outer)
    {
        _outer = outer;
        _source = CancellationTokenSource.CreateLinkedTokenSource(outer);
        _timer = clock.CreateTimer(
            static state => ((CancellationTokenSource)state!).Cancel(), _source, limit, Timeout.InfiniteTimeSpan);
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
        // The timer first: its callback must not meet a disposed source. A callback already running is safe, Cancel on a disposed
        // source is caught by the order of disposal under a single-threaded simulator and by ITimer.Dispose in production.
        _timer.Dispose();
        _source.Dispose();
    }
}
