// The queue of a pool: bounded, many adders, many takers, and work can be taken out of its middle (by whoever joins it, or by its cancellation).
//
// Concurrency model: one lock. Whoever takes work out of the list under it decides the work's fate, so it is run or cancelled exactly once. An adder that waits for room and
// a taker that waits for work stand in lists, and are served under the lock; Close serves all that are left. Sources are completed outside the lock.

using SimGraph.Runtime.Concurrency;

namespace SimGraph.Query;

/// <summary>Work that waits for a worker. Thread-safe.</summary>
internal sealed class WorkQueue(int capacity)
{
    private readonly object _gate = new();
    private readonly LinkedList<PoolWork> _items = new();
    private readonly LinkedList<WaitingAdder> _adders = new();
    private readonly Queue<TaskCompletionSource<PoolWork?>> _takers = new();
    private bool _closed;

    /// <summary>True once <see cref="Close"/> was called.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _closed;
            }
        }
    }

    /// <summary>Adds work, if the queue is neither full nor closed.</summary>
    public bool TryAdd(PoolWork work)
    {
        TaskCompletionSource<PoolWork?>? taker;
        lock (_gate)
        {
            if (_closed || !HasRoom)
            {
                return false;
            }

            taker = Place(work);
        }

        taker?.TrySetResult(work);
        return true;
    }

    /// <summary>Adds work, waiting for room. False when the queue is, or becomes, closed: the work was not taken.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; the work was not taken.</exception>
    public async Task<bool> AddAsync(PoolWork work, CancellationToken cancellation)
    {
        TaskCompletionSource<PoolWork?>? taker = null;
        WaitingAdder? adder = null;
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            if (HasRoom)
            {
                taker = Place(work);
            }
            else
            {
                adder = new WaitingAdder(this, work);
                adder.Place = _adders.AddLast(adder);
            }
        }

        if (adder is null)
        {
            taker?.TrySetResult(work);
            return true;
        }

        using TokenSubscription subscription = cancellation.Subscribe(static (state, token) => ((WaitingAdder)state!).Cancel(token), adder);
        return await adder.Accepted.Task;
    }

    /// <summary>Waits for work; null when the queue is closed.</summary>
    public async Task<PoolWork?> TakeAsync()
    {
        TaskCompletionSource<PoolWork?>? taker = null;
        PoolWork? work = null;
        WaitingAdder? adder = null;
        lock (_gate)
        {
            if (_closed)
            {
                return null;
            }

            if (_items.First is { } first)
            {
                work = first.Value;
                adder = Remove(work);
            }
            else
            {
                taker = new TaskCompletionSource<PoolWork?>(TaskCreationOptions.RunContinuationsAsynchronously);
                _takers.Enqueue(taker);
            }
        }

        adder?.Accepted.TrySetResult(true);
        return taker is null ? work : await taker.Task;
    }

    /// <summary>Takes work out that nobody has taken yet: it is the caller's to run or to cancel.</summary>
    public bool TryRemove(PoolWork work)
    {
        WaitingAdder? adder;
        lock (_gate)
        {
            if (work.Place is null)
            {
                return false;
            }

            adder = Remove(work);
        }

        adder?.Accepted.TrySetResult(true);
        return true;
    }

    /// <summary>Refuses what comes, sends the takers home, and hands out what nobody has taken. Idempotent.</summary>
    public IReadOnlyList<PoolWork> Close()
    {
        PoolWork[] left;
        WaitingAdder[] adders;
        TaskCompletionSource<PoolWork?>[] takers;
        lock (_gate)
        {
            _closed = true;
            left = [.. _items];
            foreach (PoolWork work in left)
            {
                work.Place = null;
            }

            _items.Clear();
            adders = [.. _adders];
            _adders.Clear();
            takers = [.. _takers];
            _takers.Clear();
        }

        foreach (WaitingAdder adder in adders)
        {
            adder.Accepted.TrySetResult(false);
        }

        foreach (TaskCompletionSource<PoolWork?> taker in takers)
        {
            taker.TrySetResult(null);
        }

        return left;
    }

    private bool HasRoom => _items.Count < capacity;

    /// <summary>Gives work to a taker, who is returned, or puts it into the list.</summary>
    private TaskCompletionSource<PoolWork?>? Place(PoolWork work)
    {
        if (_takers.TryDequeue(out TaskCompletionSource<PoolWork?>? taker))
        {
            return taker;
        }

        work.Place = _items.AddLast(work);
        return null;
    }

    /// <summary>Takes work out of the list, and lets the adder in that waits longest, who is returned.</summary>
    private WaitingAdder? Remove(PoolWork work)
    {
        _items.Remove(work.Place!);
        work.Place = null;
        if (_adders.First is not { } first)
        {
            return null;
        }

        _adders.RemoveFirst();
        first.Value.Work.Place = _items.AddLast(first.Value.Work);
        return first.Value;
    }

    private bool Withdraw(WaitingAdder adder)
    {
        lock (_gate)
        {
            if (adder.Place?.List is null)
            {
                return false;
            }

            _adders.Remove(adder.Place);
            return true;
        }
    }

    private sealed class WaitingAdder(WorkQueue queue, PoolWork work)
    {
        internal PoolWork Work { get; } = work;

        internal TaskCompletionSource<bool> Accepted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal LinkedListNode<WaitingAdder>? Place { get; set; }

        internal void Cancel(CancellationToken cancellation)
        {
            if (queue.Withdraw(this))
            {
                Accepted.TrySetCanceled(cancellation);
            }
        }
    }
}
