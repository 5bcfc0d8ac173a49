using SimGraph.Cluster.Consensus;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Node;

/// <summary>The loop writes at the end of each turn, anybody reads. Thread-safe.</summary>
internal sealed class StatusBoard(NodeId self)
{
    private readonly object _gate = new();
    private readonly FollowerLags _lags = new();
    private ConsensusRole _role;
    private ulong _term;
    private NodeId? _leader;
    private Membership? _membership;
    private ulong _commitIndex;
    private ulong _appliedIndex;
    private LogPosition _logStart;
    private LogPosition _last;
    private LogPosition _durable;
    private int _waitingRequests;

    /// <summary>Replaces what is shown.</summary>
    public void Publish(ConsensusCore core, ulong appliedIndex, LogPosition durable, int waitingRequests, TimeSpan now)
    {
        lock (_gate)
        {
            _role = core.Role;
            _term = core.Term;
            _leader = core.Leader;
            _membership = core.Membership;
            _commitIndex = core.CommitIndex;
            _appliedIndex = appliedIndex;
            _logStart = core.Start;
            _last = core.Last;
            _durable = durable;
            _waitingRequests = waitingRequests;
            _lags.Observe(core, now);
        }
    }

    /// <summary>What was published last, with the present lengths of queues, and lags as of now.</summary>
    public ReplicaStatus Read(int queuedEvents, long queuedBytes, TimeSpan now)
    {
        lock (_gate)
        {
            return new ReplicaStatus
            {
                Self = self,
                Role = _role,
                Term = _term,
                Leader = _leader,
                Membership = _membership,
                CommitIndex = _commitIndex,
                AppliedIndex = _appliedIndex,
                LogStart = _logStart,
                Last = _last,
                Durable = _durable,
                WaitingRequests = _waitingRequests,
                QueuedEvents = queuedEvents,
                QueuedBytes = queuedBytes,
                Followers = _lags.Read(now),
            };
        }
    }
}
