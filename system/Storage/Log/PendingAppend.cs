namespace SimGraph.Storage.Log;

/// <summary>Something that a caller waits for: a batch to become durable, or (without a batch) a prefix to be truncated.</summary>
internal sealed class PendingAppend
{
    private readonly TaskCompletionSource<ulong> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LogEntry? _entry;

    public PendingAppend(LogBatch batch, int bytes)
    {
        Batch = batch;
        Bytes = bytes;
    }

    public PendingAppend(ulong truncateUpTo) => TruncateUpTo = truncateUpTo;

    /// <summary>An entry whose index is that behind the last when it is accepted.</summary>
    public PendingAppend(LogEntry entry)
    {
        _entry = entry;
        Bytes = RecordHeader.Bytes + entry.Payload.Length;
    }

    /// <summary>Null for a truncation, and for an entry that has no index yet.</summary>
    public LogBatch? Batch { get; private set; }

    /// <summary>Encoded size at most.</summary>
    public int Bytes { get; }

    /// <summary>Segments that hold nothing behind this index may go.</summary>
    public ulong TruncateUpTo { get; }

    /// <summary>What the batch's start does; set when the batch is accepted.</summary>
    public StartEffect StartEffect { get; set; }

    /// <summary>Ends when it is done, or failed.</summary>
    /// <summary>Its result is the index of the batch's last entry; 0 if it has none.</summary>
    public Task<ulong> Completion => _done.Task;

    /// <summary>Gives the entry its index, if it waits for one.</summary>
    public void TakeIndex(ulong index)
    {
        if (_entry is { } entry)
        {
            Batch = new LogBatch { Entries = [entry with { Index = index }] };
            _entry = null;
        }
    }

    public void Succeed() => _done.TrySetResult(Batch is { Entries: { Count: > 0 } entries } ? entries[^1].Index : 0);

    public void Fail(Exception exception) => _done.TrySetException(exception);

    public void Cancel(CancellationToken cancellationToken) => _done.TrySetCanceled(cancellationToken);
}
