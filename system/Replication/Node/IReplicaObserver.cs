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

    /// <summary>
    /// The role, the term or the known leader changed. Every change is told, in order: follower, pre-candidate, candidate and leader, each with its term.
    /// </summary>
    void RoleChanged(ConsensusRole role, ulong term, NodeId? leader);

    /// <summary>Another membership is in force, committed or not; the first one when the node begins to take part.</summary>
    /// <param name="membership">Who belongs to the cluster.</param>
    /// <param name="index">Index of the entry that holds it; 0 for the one that the cluster began with.</param>
    void MembershipChanged(Membership membership, ulong index)
    {
    }

    /// <summary>
    /// The log is durable here: it holds these entries, which replace what was at the same and at later indexes. Told before anybody else hears of it.
    /// </summary>
    /// <param name="start">Everything up to here is covered by the state, and the log holds nothing else but the entries; null if it goes on as it was.</param>
    /// <param name="entries">Contiguous; not to be kept.</param>
    void LogPersisted(LogPosition? start, IReadOnlyList<LogEntry> entries)
    {
    }

    /// <summary>A client's write is about to be acknowledged by this node, which leads.</summary>
    /// <param name="position">Where it stands in the log.</param>
    /// <param name="acknowledgement">What the client is told: asynchronous, quorum or all.</param>
    void Acknowledged(LogPosition position, WriteAcknowledgement acknowledgement)
    {
    }

    /// <summary>An entry is committed; it will be applied next.</summary>
    void Committed(LogEntry entry);

    /// <summary>An entry was applied.</summary>
    void Applied(LogEntry entry, ReplicatedStateMachine state);

    /// <summary>The state was made durable up to an entry that was applied before.</summary>
    void StateFlushed(LogPosition position);

    /// <summary>The state was replaced by a leader's, which is durable here.</summary>
    void SnapshotInstalled(LogPosition position, ReplicatedStateMachine state);
}
