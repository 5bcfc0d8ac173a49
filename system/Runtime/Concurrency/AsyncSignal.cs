namespace SimGraph.Runtime.Concurrency;

/// <summary>Wakes one waiting task; a set that finds nobody waiting is remembered once. One waiter at a time, any setters. Thread-safe.</summary>
public sealed class AsyncSignal
{
    private readonly object _gate = new();
    private TaskCompletionSource? _waiter;
    private bool _set;

    /// <summary>Wakes the waiter, or lets the next wait return at once.</summary>
    public void Set()
    {
        while (true)
        {
            TaskCompletionSource? waiter;
            lock (_gate)
            {
                waiter = _waiter;
                _waiter = null;
                if (waiter is null)
                {
                    _set = true;
                    return;
                }
            }

            // False when that waiter was cancelled meanwhile: the set must not be lost with it.
            if (waiter.TrySetResult())
            {
                return;
            }
        }
    }

    /// <summary>Waits for a set and consumes it.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; no set is lost.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource waiter;
        lock (_gate)
        {
            if (_set)
            {
                _set = false;
                return;
            }

            Invariant.Check(_waiter is null || _waiter.Task.IsCompleted, "a signal has one waiter at a time");
            waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiter = waiter;
        }

        using TokenSubscription subscription = cancellationToken.Subscribe(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), waiter);
        await waiter.Task;
    }
}
