// Leadership transfer (dissertation 3.10): nothing is proposed, the target is brought to the end of the log and told to campaign at once. It ends when the target
// leads, or after an election timeout. Priorities use it: a leader that has led for some time hands over to an up-to-date voter of higher priority, so that among
// equals the priority decides, whoever won the election. It waits longer after each vain attempt, so that a voter which cannot lead does not stop the writes again and again.

using SimGraph.Runtime;

namespace SimGraph.Cluster.Consensus;

public sealed partial class ConsensusCore
{
    private const int PriorityBackoffDoublingsMax = 4;

    private NodeId? _transferTarget;
    private int _transferTicks;
    private int _priorityTicks;
    private int _priorityAttempts;

    /// <summary>Who is to lead next while a transfer is under way.</summary>
    public NodeId? TransferTarget => _transferTarget;

    /// <summary>Begins to hand the leadership over, if this node leads and the target could lead.</summary>
    public TransferDecision TryTransferLeadership(NodeId target)
    {
        if (Role != ConsensusRole.Leader)
        {
            return TransferDecision.NotLeader;
        }

        if (target == _options.Self)
        {
            return TransferDecision.NoChange;
        }

        if (_transferTarget is not null)
        {
            return TransferDecision.NotYet;
        }

        int slot = SlotOf(target);
        if (slot < 0 || !_progress[slot].IsVoter)
        {
            return TransferDecision.Unknown;
        }

        if (!IsCaughtUp(_progress[slot]))
        {
            return TransferDecision.NotCaughtUp;
        }

        _probes.Reachable("raft.transfer-begun");
        _transferTarget = target;
        _transferTicks = 0;
        _leaseRevoked = true;
        ContinueTransfer(_progress[slot]);
        return TransferDecision.Begun;
    }

    /// <summary>Tells the target to campaign once it holds the whole log; again with each of its answers, as the message may get lost.</summary>
    private void ContinueTransfer(FollowerProgress follower)
    {
        if (_transferTarget == follower.Id && follower.Match == _log.Last.Index)
        {
            SendTimeoutNow(follower.Id);
        }
    }

    private void SendTimeoutNow(NodeId target) =>
        Send(new ConsensusMessage { Kind = MessageKind.TimeoutNow, From = _options.Self, To = target, Term = Term });

    private void OnTimeoutNow()
    {
        if (!IsVoter)
        {
            return;
        }

        _probes.Reachable("raft.campaign-at-request");
        BeginElection(transfer: true);
    }

    private void BeginTransferWatch()
    {
        _leaseRevoked = false;
        _priorityTicks = 0;
        _priorityAttempts = 0;
    }

    private void TickTransfer()
    {
        if (_transferTarget is not null && ++_transferTicks >= _options.ElectionTimeoutTicks)
        {
            _probes.Reachable("raft.transfer-timed-out");
            _transferTarget = null;
        }

        if (_isOutranked && _transferTarget is null && ++_priorityTicks >= _options.PriorityTransferTicks << Math.Min(_priorityAttempts, PriorityBackoffDoublingsMax))
        {
            YieldToPriority();
        }
    }

    private void YieldToPriority()
    {
        FollowerProgress? best = null;
        foreach (FollowerProgress follower in _progress)
        {
            if (follower.IsVoter && follower.Priority > (best ?? _progress[_self]).Priority && IsCaughtUp(follower))
            {
                best = follower;
            }
        }

        if (best is not null)
        {
            _priorityTicks = 0;
            _priorityAttempts++;
            _probes.Reachable("raft.yielded-to-priority");
            TryTransferLeadership(best.Id);
        }
    }
}
