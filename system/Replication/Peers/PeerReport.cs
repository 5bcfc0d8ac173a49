namespace SimGraph.Replication.Peers;

/// <summary>What a sender has to tell the consensus core since it was last asked.</summary>
/// <param name="Unreachable">Messages to the peer were lost or dropped.</param>
/// <param name="SnapshotDelivered">Whether the snapshot handed over last was sent; null if that is not decided.</param>
internal readonly record struct PeerReport(bool Unreachable, bool? SnapshotDelivered);
