using SimGraph.Replication.Peers;

namespace SimGraph.Replication.Node;

/// <summary>A query that waits until it may be answered.</summary>
internal readonly record struct PendingRead(ClientLink Client, ulong RequestId, ReadOnlyMemory<byte> Query);
