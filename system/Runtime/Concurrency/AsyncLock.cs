namespace SimGraph.Runtime.Concurrency;

/// <summary>Mutual exclusion across awaits, first come first served. Not re-entrant. Thread-safe.</summary>
public sealed class AsyncLock
{
    private readonly object _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiters = new();
    private bool _held;

    /// <summary>Waits for the lock. Dispose the result to release it.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; the lock is not held by the caller.</exception>
    public async Task<Holder> EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<TaskCompletionSource>? turn = null;
        lock (_gate)
        {
            if (!_held)
            {
                _held = true;
            }
            else
            {
                turn = _waiters.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }
        }

        if (turn is not null)
        {
            await WaitForTurnAsync(turn, cancellationToken);
        }

        return new Holder(this);
    }

    private async Task WaitForTurnAsync(LinkedListNode<TaskCompletionSource> turn, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), turn.Value);
        try
        {
            await turn.Value.Task;
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                if (turn.List is not null)
                {
                    _waiters.Remove(turn);
                }
            }

            throw;
        }
    }

    private void Release()
    {
        while (true)
        {
            TaskCompletionSource? next;
            lock (_gate)
            {
                next = _waiters.First?.Value;
                if (next is null)
                {
                    _held = false;
                    return;
                }

                _waiters.RemoveFirst();
            }

            // False when that waiter was cancelled meanwhile: the lock goes on to the next.
            if (next.TrySetResult())
            {
                return;
            }
        }
    }

    /// <summary>Holds the lock until disposed.</summary>
    public sealed class Holder : IDisposable
    {
        private AsyncLock? _owner;

        internal Holder(AsyncLock owner) => _owner = owner;

        /// <summary>Releases the lock. Idempotent.</summary>
        public void Dispose() => Interlocked.Exchange(ref _owner, null)?.Release();
    }
}
