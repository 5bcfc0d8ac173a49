namespace SimGraph.RealCluster.Proxy;

/// <summary>What happens to bytes on the way from one place to another, on whichever connection. Thread-safe.</summary>
internal sealed class Direction
{
    private readonly object _gate = new();
    private TaskCompletionSource? _cut;
    private TimeSpan _delay;
    private int _bytesPerSecond;

    /// <summary>Holds everything back until healed: what a TCP user sees of a network that loses all packets.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            _cut ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Lets everything arrive late, in order.</summary>
    public void Delay(TimeSpan delay)
    {
        lock (_gate)
        {
            _delay = delay;
        }
    }

    /// <summary>Lets only so much through.</summary>
    public void Clog(int bytesPerSecond)
    {
        lock (_gate)
        {
            _bytesPerSecond = bytesPerSecond;
        }
    }

    /// <summary>Ends all faults; what was held back goes on its way.</summary>
    public void Heal()
    {
        TaskCompletionSource? cut;
        lock (_gate)
        {
            cut = _cut;
            _cut = null;
            _delay = TimeSpan.Zero;
            _bytesPerSecond = 0;
        }

        cut?.TrySetResult();
    }

    /// <summary>Waits as long as these bytes are on their way.</summary>
    public async Task PassAsync(int bytes, CancellationToken cancellationToken)
    {
        TimeSpan delay;
        lock (_gate)
        {
            delay = _delay;
            if (_bytesPerSecond > 0)
            {
                delay += TimeSpan.FromSeconds((double)bytes / _bytesPerSecond);
            }
        }

        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, cancellationToken);
        }

        while (Held() is { } held)
        {
            await held.WaitAsync(cancellationToken);
        }
    }

    private Task? Held()
    {
        lock (_gate)
        {
            return _cut?.Task;
        }
    }
}
