namespace SimGraph.Storage.Audit;

/// <summary>Something that a caller waits for: an event to become durable, or (without a body) a rotation.</summary>
internal sealed class PendingAudit(byte[]? body, DateTimeOffset time)
{
    private readonly TaskCompletionSource<AuditPosition> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Null for a rotation.</summary>
    public byte[]? Body { get; } = body;

    public DateTimeOffset Time { get; } = time;

    /// <summary>Where its line is, once it is encoded.</summary>
    public AuditPosition Position { get; set; }

    /// <summary>Size of its line at most.</summary>
    public int Bytes => Body is null ? 0 : Body.Length + AuditLineEncoder.OverheadBytes;

    public Task<AuditPosition> Completion => _done.Task;

    public void Succeed() => _done.TrySetResult(Position);

    public void Fail(Exception exception) => _done.TrySetException(exception);
}
