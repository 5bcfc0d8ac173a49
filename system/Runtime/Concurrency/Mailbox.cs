// A bounded queue with one reader and many writers, built on lock + TaskCompletionSource, because Coyote controls those and cannot control
// Channel<T>. Closing refuses new items, lets the reader take what is left, then tells it that the end is reached: nothing accepted is dropped.
//
// Concurrency model: one lock decides everything. A writer that waits stands in a list with its item; whoever takes it out of the list under the
// lock (a receiver that makes room, Close, or its own cancellation) decides its fate, so an item is accepted exactly once or not at all and no
// free place is forgotten. Writers wait only while the queue is full, so items are received in the order of their posts. Signals are set
// outside the lock.

namespace SimGraph.Runtime.Concurrency;

/// <summary>A bounded, closable queue: many writers, one reader at a time, first in first out. Thread-safe.</summary>
public sealed class Mailbox<T>
{
    private readonly object _gate = new();
    private readonly Queue<T> _items = new();
    private readonly LinkedList<WaitingWriter> _waitingWriters = new();
    private readonly int _capacity;
    private TaskCompletionSource? _waitingReader;
    private bool _closed;

    /// <param name="capacity">Most items held; at least 1.</param>
    public Mailbox(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
    }

    /// <summary>Items waiting now, without those of writers that wait for room.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _items.Count;
            }
        }
    }

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

    /// <summary>Adds an item if there is room. False when full or closed.</summary>
    public bool TryPost(T item)
    {
        TaskCompletionSource? reader;
        lock (_gate)
        {
            if (_closed || _items.Count >= _capacity)
            {
                return false;
            }

            _items.Enqueue(item);
            reader = TakeReader();
        }

        reader?.TrySetResult();
        return true;
    }

    /// <summary>Adds an item, waiting for room. False when the mailbox is, or becomes, closed: the item was not taken.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; the item was not taken.</exception>
    public async Task<bool> PostAsync(T item, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource? reader = null;
        WaitingWriter? writer = null;
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            if (_items.Count < _capacity)
            {
                _items.Enqueue(item);
                reader = TakeReader();
            }
            else
            {
                writer = new WaitingWriter(this, item);
                writer.Place = _waitingWriters.AddLast(writer);
            }
        }

        if (writer is not null)
        {
            return await WaitAsWriterAsync(writer, cancellationToken);
        }

        reader?.TrySetResult();
        return true;
    }

    /// <summary>Takes an item if there is one.</summary>
    public bool TryReceive(out T item)
    {
        WaitingWriter? writer = null;
        lock (_gate)
        {
            if (!_items.TryDequeue(out item!))
            {
                return false;
            }

            if (_waitingWriters.First is { } first)
            {
                _waitingWriters.RemoveFirst();
                writer = first.Value;
                _items.Enqueue(writer.Item);
            }
        }

        writer?.Accepted.TrySetResult(true);
        return true;
    }

    /// <summary>Waits until an item can be taken (true), or the mailbox is closed and empty (false). One caller at a time.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; no item is lost.</exception>
    public async Task<bool> WaitToReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TaskCompletionSource signal;
            lock (_gate)
            {
                if (_items.Count > 0)
                {
                    return true;
                }

                if (_closed)
                {
                    return false;
                }

                Invariant.Check(_waitingReader is null || _waitingReader.Task.IsCompleted, "a mailbox has one reader at a time");
                signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waitingReader = signal;
            }

            using TokenSubscription subscription = cancellationToken.Subscribe(
                static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), signal);
            await signal.Task;
        }
    }

    /// <summary>Refuses new items; those inside can still be received. Idempotent.</summary>
    public void Close()
    {
        TaskCompletionSource? reader;
        WaitingWriter[] writers;
        lock (_gate)
        {
            _closed = true;
            reader = TakeReader();
            writers = [.. _waitingWriters];
            _waitingWriters.Clear();
        }

        reader?.TrySetResult();
        foreach (WaitingWriter writer in writers)
        {
            writer.Accepted.TrySetResult(false);
        }
    }

    private static async Task<bool> WaitAsWriterAsync(WaitingWriter writer, CancellationToken cancellationToken)
    {
        using TokenSubscription subscription = cancellationToken.Subscribe(
            static (state, token) => ((WaitingWriter)state!).Cancel(token), writer);
        return await writer.Accepted.Task;
    }

    private TaskCompletionSource? TakeReader()
    {
        TaskCompletionSource? reader = _waitingReader;
        _waitingReader = null;
        return reader;
    }

    private bool Withdraw(WaitingWriter writer)
    {
        lock (_gate)
        {
            if (writer.Place?.List is null)
            {
                return false;
            }

            _waitingWriters.Remove(writer.Place);
            return true;
        }
    }

    private sealed class WaitingWriter(Mailbox<T> mailbox, T item)
    {
        internal T Item { get; } = item;

        internal TaskCompletionSource<bool> Accepted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal LinkedListNode<WaitingWriter>? Place { get; set; }

        internal void Cancel(CancellationToken cancellationToken)
        {
            if (mailbox.Withdraw(this))
            {
                Accepted.TrySetCanceled(cancellationToken);
            }
        }
    }
}
