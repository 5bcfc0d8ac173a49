using SimGraph.Cluster.Consensus;
using SimGraph.Storage.Snapshots;

namespace SimGraph.Replication.Peers;

/// <summary>A snapshot on its way to a peer: the bytes first, then the message.</summary>
internal sealed record SnapshotTransfer(ConsensusMessage Message, StoredSnapshot Snapshot);
