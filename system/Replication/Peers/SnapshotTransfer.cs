using SimGraph.Cluster.Consensus;
using SimGraph.Replication.StateMachine;

namespace SimGraph.Replication.Peers;

/// <summary>A snapshot on its way to a peer: the state first, then the message.</summary>
internal sealed record SnapshotTransfer(ConsensusMessage Message, FrozenState State);
