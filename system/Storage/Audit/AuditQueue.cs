using SimGraph.Runtime.Concurrency;

namespace SimGraph.Storage.Audit;

/// <summary>The bounded queue between the callers and the writer, which knows why it is closed. Thread-safe.</summary>
internal sealed class AuditQueue(AuditOptions options)
{
    private readonly Mailbox<PendingAudit> _mailbox = new(options.QueueLengthMax);
    private Exception? _cause;
    private PendingAudit? _held;

    /// <summary>Waits for room, then for the writer. Cancellation ends only the wait for room.</summary>
    public async Task<AuditPosition> PostAsync(PendingAudit pending, CancellationToken cancellationToken) =>
        await _mailbox.PostAsync(pending, cancellationToken) ? await pending.Completion : throw NewClosedException();

    /// <summary>
    /// Waits until something is accepted and moves it into the empty <paramref name="target"/>: events up to so many bytes (at least one), or one
    /// rotation. False when the queue is closed and empty. The writer's only.
    /// </summary>
    public async Task<bool> TakeAsync(List<PendingAudit> target, long bytesMax)
    {
        if (_held is null && !await _mailbox.WaitToReceiveAsync(CancellationToken.None))
        {
            return false;
        }

        long bytes = 0;
        while (_held is not null || _mailbox.TryReceive(out _held))
        {
            bytes += _held.Bytes;
            if (target.Count > 0 && (bytes > bytesMax || _held.Body is null || target[0].Body is null))
            {
                break;
            }

            target.Add(_held);
            _held = null;
        }

        return true;
    }

    /// <summary>Refuses what comes; what is accepted can still be taken. Idempotent.</summary>
    public void Close() => _mailbox.Close();

    /// <summary>Fails everything that is accepted, and all that comes. The writer's only.</summary>
    public void Poison(Exception cause)
    {
        Volatile.Write(ref _cause, cause);
        _mailbox.Close();
        while (_held is not null || _mailbox.TryReceive(out _held))
        {
            _held.Fail(NewClosedException());
            _held = null;
        }
    }

    /// <summary>Why nothing is accepted any more: poisoned or stopped.</summary>
    public Exception NewClosedException()
    {
        Exception? cause = Volatile.Read(ref _cause);
        return cause is null
            ? new AuditClosedException(options.Directory)
            : new AuditException(
                $"the audit log in '{options.Directory}' failed ({cause.Message}); what is durable is unknown: stop the process and start it again", cause);
    }
}
