using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Node;
using SimGraph.Replication.StateMachine;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Fanout.Publishing;

/// <summary>Sees what a node applies, for the publisher, and passes everything on to another observer.</summary>
internal sealed class AppliedTap(PublishFeed feed, IReplicaObserver? inner) : IReplicaObserver
{
    public void Started(HardState hard, LogPosition last, ReplicatedStateMachine state)
    {
        feed.JumpTo(state.Applied);
        inner?.Started(hard, last, state);
    }

    public void RoleChanged(ConsensusRole role, ulong term, NodeId? leader) => inner?.RoleChanged(role, term, leader);

    public void MembershipChanged(Membership membership, ulong index) => inner?.MembershipChanged(membership, index);

    public void LogPersisted(LogPosition? start, IReadOnlyList<LogEntry> entries) => inner?.LogPersisted(start, entries);

    public void Acknowledged(LogPosition position, WriteAcknowledgement acknowledgement) => inner?.Acknowledged(position, acknowledgement);

    public void Committed(LogEntry entry) => inner?.Committed(entry);

    public void Applied(LogEntry entry, ReplicatedStateMachine state)
    {
        feed.Add(entry);
        inner?.Applied(entry, state);
    }

    public void StateFlushed(LogPosition position) => inner?.StateFlushed(position);

    public void SnapshotInstalled(LogPosition position, ReplicatedStateMachine state)
    {
        feed.JumpTo(position);
        inner?.SnapshotInstalled(position, state);
    }
}
