using SimGraph.Runtime.Messaging;

namespace SimGraph.ZeroMq;

/// <summary>
/// A message on its way to the owner thread. The thread claims it before it sends: what is cancelled before that is not sent, and what is cancelled
/// after it has the outcome of the sending.
/// </summary>
internal sealed class PendingSend(Message message, bool mayWait)
{
    private readonly object _gate = new();
    private readonly TaskCompletionSource<SendOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationToken _cancelledBy;
    private bool _isClaimed;

    public Message Message { get; } = message;

    public bool MayWait { get; } = mayWait;

    public Task<SendOutcome> Outcome => _outcome.Task;

    /// <summary>Takes it for sending. False when it was cancelled.</summary>
    public bool Claim()
    {
        lock (_gate)
        {
            _isClaimed = !_outcome.Task.IsCompleted;
            return _isClaimed;
        }
    }

    /// <summary>It could not be sent now. False when it was cancelled meanwhile.</summary>
    public bool Release()
    {
        lock (_gate)
        {
            _isClaimed = false;
            return !_cancelledBy.IsCancellationRequested || !_outcome.TrySetCanceled(_cancelledBy);
        }
    }

    public void Complete(SendOutcome outcome) => _outcome.TrySetResult(outcome);

    public void Fail(Exception exception) => _outcome.TrySetException(exception);

    public void Cancel(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _cancelledBy = cancellationToken;
            if (!_isClaimed)
            {
                _outcome.TrySetCanceled(cancellationToken);
            }
        }
    }
}
