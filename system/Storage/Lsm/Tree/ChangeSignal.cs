// One condition variable for everyone who waits for the tree to change: writers without room, flushes that are waited for, workers without work.
// Whoever waits notes the count first, looks at the state, and then waits for the count to be passed: no change can fall in between.

using SimGraph.Runtime.Concurrency;

namespace SimGraph.Storage.Lsm.Tree;

/// <summary>Counts changes and wakes all who wait for one. Thread-safe.</summary>
internal sealed class ChangeSignal
{
    private readonly object _gate = new();
    private readonly List<TaskCompletionSource> _waiters = [];
    private long _count;

    /// <summary>Changes so far.</summary>
    public long Count => Volatile.Read(ref _count);

    public void Raise()
    {
        TaskCompletionSource[] waiters;
        lock (_gate)
        {
            Volatile.Write(ref _count, _count + 1);
            if (_waiters.Count == 0)
            {
                return;
            }

            waiters = [.. _waiters];
            _waiters.Clear();
        }

        foreach (TaskCompletionSource waiter in waiters)
        {
            waiter.TrySetResult();
        }
    }

    /// <summary>Waits until there were more than so many changes.</summary>
    public async Task WaitBeyondAsync(long seen, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource waiter;
        lock (_gate)
        {
            if (_count > seen)
            {
                return;
            }

            waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add(waiter);
        }

        try
        {
            using TokenSubscription subscription = cancellationToken.Subscribe(
                static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), waiter);
            await waiter.Task;
        }
        finally
        {
            lock (_gate)
            {
                _waiters.Remove(waiter);
            }
        }
    }
}
