using SimGraph.Cluster.Consensus;
using SimGraph.Replication.StateMachine;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Node;

/// <summary>
/// Sees what a node decides. Every member is called on the node's own event loop, synchronously and in order, never after
/// <see cref="ReplicaNode.StopAsync"/> returned. Must not block; an exception ends the node.
/// </summary>
public interface IReplicaObserver
{
    /// <summary>The node has recovered its state and its log, which ends at <paramref name="last"/>, and begins to take part.</summary>
    void Started(HardState hard, LogPosition last, ReplicatedStateMachine state);

    /// <summary>The role, the term or the known leader changed.</summary>
    void RoleChanged(ConsensusRole role, ulong term, NodeId? leader);

    /// <summary>An entry is committed; it will be applied next.</summary>
    void Committed(LogEntry entry);

    /// <summary>An entry was applied.</summary>
    void Applied(LogEntry entry, ReplicatedStateMachine state);

    /// <summary>The state was made durable up to an entry that was applied before.</summary>
    void StateFlushed(LogPosition position);

    /// <summary>The state was replaced by a leader's, which is durable here.</summary>
    void SnapshotInstalled(LogPosition position, ReplicatedStateMachine state);
}
