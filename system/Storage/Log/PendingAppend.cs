namespace SimGraph.Storage.Log;

/// <summary>Something that a caller waits for: a batch to become durable, or (without a batch) a prefix to be truncated.</summary>
internal sealed class PendingAppend
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PendingAppend(LogBatch batch, int bytes)
    {
        Batch = batch;
        Bytes = bytes;
    }

    public PendingAppend(ulong truncateUpTo) => TruncateUpTo = truncateUpTo;

    /// <summary>Null for a truncation.</summary>
    public LogBatch? Batch { get; }

    /// <summary>Encoded size at most.</summary>
    public int Bytes { get; }

    /// <summary>Segments that hold nothing behind this index may go.</summary>
    public ulong TruncateUpTo { get; }

    /// <summary>What the batch's start does; set when the batch is accepted.</summary>
    public StartEffect StartEffect { get; set; }

    /// <summary>Ends when it is done, or failed.</summary>
    public Task Completion => _done.Task;

    public void Succeed() => _done.TrySetResult();

    public void Fail(Exception exception) => _done.TrySetException(exception);

    public void Cancel(CancellationToken cancellationToken) => _done.TrySetCanceled(cancellationToken);
}
