namespace SimGraph.Replication.Fanout.Publishing;

/// <summary>A request of a replica. Without an identity: time to look after transfers that nobody asks for.</summary>
/// <param name="Replica">Its identity.</param>
/// <param name="Request">The number of its catch-up.</param>
/// <param name="FromIndex">What it wants first; 0 if it asks for a chunk.</param>
/// <param name="Chunk">The number of the wanted chunk.</param>
internal readonly record struct CatchUpJob(ReadOnlyMemory<byte> Replica, ulong Request, ulong FromIndex, uint Chunk);
