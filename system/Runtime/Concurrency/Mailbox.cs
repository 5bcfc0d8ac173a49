// A bounded queue with one reader and many writers, built on lock + TaskCompletionSource, because Coyote controls those and cannot control
// Channel<T>. Closing refuses new items, lets the reader take what is left, then tells it that the end is reached: nothing accepted is dropped.

namespace SimGraph.Runtime.Concurrency;

/// <summary>A bounded, closable queue: many writers, one reader at a time. Thread-safe.</summary>
public sealed class Mailbox<T>
{
    private readonly object _gate = new();
    private readonly Queue<T> _items = new();
    private readonly LinkedList<TaskCompletionSource> _waitingWriters = new();
    private readonly int _capacity;
    private TaskCompletionSource? _waitingReader;
    private bool _closed;

    /// <param name="capacity">Most items held; at least 1.</param>
    public Mailbox(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
    }

    /// <summary>Items waiting now.</summary>
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
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            LinkedListNode<TaskCompletionSource> turn;
            TaskCompletionSource? reader = null;
            bool posted = false;
            lock (_gate)
            {
                if (_closed)
                {
                    return false;
                }

                turn = new LinkedListNode<TaskCompletionSource>(NewSignal());
                if (_items.Count < _capacity)
                {
                    _items.Enqueue(item);
                    reader = TakeReader();
                    posted = true;
                }
                else
                {
                    _waitingWriters.AddLast(turn);
                }
            }

            if (posted)
            {
                reader?.TrySetResult();
                return true;
            }

            await WaitAsWriterAsync(turn, cancellationToken);
        }
    }

    /// <summary>Takes an item if there is one.</summary>
    public bool TryReceive(out T item)
    {
        TaskCompletionSource? writer = null;
        bool received;
        lock (_gate)
        {
            received = _items.TryDequeue(out item!);
            if (received)
            {
                writer = TakeWriter();
            }
        }

        writer?.TrySetResult();
        return received;
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
                signal = NewSignal();
                _waitingReader = signal;
            }

            using CancellationTokenRegistration registration = Cancelling(signal, cancellationToken);
            await signal.Task;
        }
    }

    /// <summary>Refuses new items; those inside can still be received. Idempotent.</summary>
    public void Close()
    {
        TaskCompletionSource? reader;
        TaskCompletionSource[] writers;
        lock (_gate)
        {
            _closed = true;
            reader = TakeReader();
            writers = [.. _waitingWriters];
            _waitingWriters.Clear();
        }

        reader?.TrySetResult();
        foreach (TaskCompletionSource writer in writers)
        {
            writer.TrySetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationTokenRegistration Cancelling(TaskCompletionSource signal, CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), signal);

    private async Task WaitAsWriterAsync(LinkedListNode<TaskCompletionSource> turn, CancellationToken cancellationToken)
    {
        try
        {
            using CancellationTokenRegistration registration = Cancelling(turn.Value, cancellationToken);
            await turn.Value.Task;
        }
        catch (OperationCanceledException)
        {
            // A turn that was given to this writer while it was being cancelled goes to the next one, or its place would be lost.
            TaskCompletionSource? next = null;
            lock (_gate)
            {
                if (turn.List is not null)
                {
                    _waitingWriters.Remove(turn);
                }
                else if (_items.Count < _capacity)
                {
                    next = TakeWriter();
                }
            }

            next?.TrySetResult();
            throw;
        }
    }

    private TaskCompletionSource? TakeReader()
    {
        TaskCompletionSource? reader = _waitingReader;
        _waitingReader = null;
        return reader;
    }

    private TaskCompletionSource? TakeWriter()
    {
        if (_waitingWriters.First is not { } first)
        {
            return null;
        }

        _waitingWriters.RemoveFirst();
        return first.Value;
    }
}
