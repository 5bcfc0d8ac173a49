using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Node;
using SimGraph.Replication.StateMachine;
using SimGraph.Storage.Log;

namespace SimGraph.Tests.Replication;

/// <summary>Writes down the roles and memberships that a node tells.</summary>
internal sealed class RoleObserver : IReplicaObserver
{
    private readonly object _gate = new();
    private readonly List<(ConsensusRole Role, ulong Term)> _seen = [];
    private readonly List<ulong> _memberships = [];

    public (ConsensusRole Role, ulong Term)[] Seen
    {
        get
        {
            lock (_gate)
            {
                return [.. _seen];
            }
        }
    }

    public ulong[] Memberships
    {
        get
        {
            lock (_gate)
            {
                return [.. _memberships];
            }
        }
    }

    public void Started(HardState hard, LogPosition last, ReplicatedStateMachine state)
    {
    }

    public void RoleChanged(ConsensusRole role, ulong term, NodeId? leader)
    {
        lock (_gate)
        {
            _seen.Add((role, term));
        }
    }

    public void MembershipChanged(Membership membership, ulong index)
    {
        lock (_gate)
        {
            _memberships.Add(index);
        }
    }

    public void Committed(LogEntry entry)
    {
    }

    public void Applied(LogEntry entry, ReplicatedStateMachine state)
    {
    }

    public void StateFlushed(LogPosition position)
    {
    }

    public void SnapshotInstalled(LogPosition position, ReplicatedStateMachine state)
    {
    }
}
