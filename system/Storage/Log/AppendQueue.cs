// The bounded queue between the callers and the flusher. First come, first served, also among those who wait for room, so that the order of the
// calls is the order of the log. A batch is judged against the shape of the log at the moment it is accepted: what is accepted is written, or
// the log is poisoned.
//
// Concurrency model: any callers, one reader. One lock; completions and signals are set outside of it. Someone waits for room only while
// something is accepted, so the reader, who sleeps only when nothing is, never sleeps on a waiting caller.

using SimGraph.Runtime.Concurrency;

namespace SimGraph.Storage.Log;

/// <summary>Appends on their way to the flusher. Thread-safe.</summary>
internal sealed class AppendQueue(WriteAheadLogOptions options, LogShape shape)
{
    private readonly object _gate = new();
    private readonly AsyncSignal _work = new();
    private readonly Queue<PendingAppend> _accepted = new();
    private readonly LinkedList<PendingAppend> _waiting = new();
    private long _acceptedBytes;
    private bool _closed;
    private Exception? _cause;

    /// <summary>How many are accepted and not taken.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _accepted.Count;
            }
        }
    }

    /// <summary>Where the log ends with all that is accepted.</summary>
    public LogExtent Extent
    {
        get
        {
            lock (_gate)
            {
                return new LogExtent(shape.Start, shape.Last);
            }
        }
    }

    /// <summary>Accepts an append, waiting for room; the task ends when the append is done. Cancellation ends only the wait for room.</summary>
    public Task<ulong> PostAsync(PendingAppend append, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<ulong>(cancellationToken);
        }

        LinkedListNode<PendingAppend>? turn = null;
        Exception? refusal = null;
        bool wake = false;
        lock (_gate)
        {
            if (_closed)
            {
                refusal = NewClosedException();
            }
            else if (HasRoomFor(append) && _waiting.Count == 0)
            {
                refusal = TryAccept(append);
                wake = _accepted.Count == 1;
            }
            else
            {
                turn = _waiting.AddLast(append);
            }
        }

        if (wake)
        {
            _work.Set();
        }

        return refusal is not null ? Task.FromException<ulong>(refusal)
            : turn is null ? append.Completion
            : WaitForRoomAsync(turn, cancellationToken);
    }

    /// <summary>
    /// Waits until something is accepted and moves it, at most <paramref name="countMax"/> appends, into the empty <paramref name="target"/>.
    /// False when the queue is closed and empty. One caller at a time.
    /// </summary>
    public async Task<bool> TakeAsync(List<PendingAppend> target, int countMax)
    {
        while (true)
        {
            List<(PendingAppend Append, Exception Reason)>? refused = null;
            bool closed;
            lock (_gate)
            {
                while (target.Count < countMax && _accepted.TryDequeue(out PendingAppend? append))
                {
                    _acceptedBytes -= append.Bytes;
                    target.Add(append);
                }

                while (_waiting.First is { } first && HasRoomFor(first.Value))
                {
                    _waiting.RemoveFirst();
                    if (TryAccept(first.Value) is { } reason)
                    {
                        (refused ??= []).Add((first.Value, reason));
                    }
                }

                closed = _closed;
            }

            for (int i = 0; i < (refused?.Count ?? 0); i++)
            {
                refused![i].Append.Fail(refused[i].Reason);
            }

            if (target.Count > 0 || closed)
            {
                return target.Count > 0;
            }

            await _work.WaitAsync(CancellationToken.None);
        }
    }

    /// <summary>Refuses new appends and those that wait for room; what is accepted can still be taken. Idempotent.</summary>
    public void Close()
    {
        PendingAppend[] waiting;
        lock (_gate)
        {
            _closed = true;
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        FailAll(waiting);
        _work.Set();
    }

    /// <summary>Fails everything that is accepted or waits, and all that comes later.</summary>
    public void Poison(Exception cause)
    {
        PendingAppend[] lost;
        lock (_gate)
        {
            _closed = true;
            _cause ??= cause;
            lost = [.. _accepted, .. _waiting];
            _accepted.Clear();
            _waiting.Clear();
        }

        FailAll(lost);
        _work.Set();
    }

    /// <summary>Why nothing is accepted any more: poisoned or stopped.</summary>
    public Exception NewClosedException()
    {
        Exception? cause = Volatile.Read(ref _cause);
        return cause is null
            ? new LogClosedException(options.Directory)
            : new WriteAheadLogException(
                $"the write-ahead log in '{options.Directory}' failed ({cause.Message}); what is durable is unknown: stop the process and start it again",
                cause);
    }

    private void FailAll(PendingAppend[] appends)
    {
        foreach (PendingAppend append in appends)
        {
            append.Fail(NewClosedException());
        }
    }

    // An append larger than the whole queue goes in alone.
    private bool HasRoomFor(PendingAppend append) =>
        _accepted.Count == 0 || (_accepted.Count < options.QueueLengthMax && _acceptedBytes + append.Bytes <= options.QueueBytesMax);

    private ArgumentException? TryAccept(PendingAppend append)
    {
        append.TakeIndex(shape.Last + 1);
        if (append.Batch is { } batch)
        {
            if (shape.Refusal(batch, out StartEffect effect) is { } refusal)
            {
                return new ArgumentException($"the batch cannot follow the log in '{options.Directory}': {refusal}");
            }

            shape.Apply(batch, effect);
            append.StartEffect = effect;
        }

        _acceptedBytes += append.Bytes;
        _accepted.Enqueue(append);
        return null;
    }

    private async Task<ulong> WaitForRoomAsync(LinkedListNode<PendingAppend> turn, CancellationToken cancellationToken)
    {
        using TokenSubscription subscription = cancellationToken.Subscribe(
            (state, token) => Abandon((LinkedListNode<PendingAppend>)state!, token), turn);
        return await turn.Value.Completion;
    }

    private void Abandon(LinkedListNode<PendingAppend> turn, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (turn.List is null)
            {
                return;
            }

            _waiting.Remove(turn);
        }

        turn.Value.Cancel(cancellationToken);
    }
}
