// Concurrency model: one lock guards the queue of waiters. The lock is handed from holder to waiter without becoming free in between, so nobody
// overtakes. A waiter leaves the queue under the lock, taken by the releasing holder (it now holds the lock, even if it is cancelled right after)
// or by its own cancellation (it never will).

using SimGraph.Runtime.Time;

namespace SimGraph.Runtime.Concurrency;

/// <summary>Mutual exclusion across awaits, first come first served. Not re-entrant. Thread-safe.</summary>
public sealed class AsyncLock
{
    private readonly object _gate = new();
    private readonly LinkedList<Waiter> _waiters = new();
    private bool _held;

    /// <summary>Waits for the lock. Dispose the result to release it.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; the lock is not held by the caller.</exception>
    public async Task<Holder> EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Waiter? waiter = null;
        lock (_gate)
        {
            if (_held)
            {
                waiter = new Waiter(this);
                waiter.Place = _waiters.AddLast(waiter);
            }
            else
            {
                _held = true;
            }
        }

        if (waiter is not null)
        {
            using TokenSubscription subscription = cancellationToken.Subscribe(
                static (state, token) => ((Waiter)state!).Cancel(token), waiter);
            await waiter.Turn.Task;
        }

        return new Holder(this);
    }

    /// <summary>Waits for the lock no longer than a limit. Null when that has passed; the lock is then not held by the caller.</summary>
    public async Task<Holder?> TryEnterAsync(TimeProvider clock, TimeSpan limit)
    {
        using var deadline = Deadline.After(clock, limit, CancellationToken.None);
        try
        {
            return await EnterAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private void Release()
    {
        Waiter next;
        lock (_gate)
        {
            if (_waiters.First is not { } first)
            {
                _held = false;
                return;
            }

            _waiters.RemoveFirst();
            next = first.Value;
        }

        next.Turn.TrySetResult();
    }

    private bool Withdraw(Waiter waiter)
    {
        lock (_gate)
        {
            if (waiter.Place?.List is null)
            {
                return false;
            }

            _waiters.Remove(waiter.Place);
            return true;
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

    private sealed class Waiter(AsyncLock owner)
    {
        internal TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal LinkedListNode<Waiter>? Place { get; set; }

        internal void Cancel(CancellationToken cancellationToken)
        {
            if (owner.Withdraw(this))
            {
                Turn.TrySetCanceled(cancellationToken);
            }
        }
    }
}
