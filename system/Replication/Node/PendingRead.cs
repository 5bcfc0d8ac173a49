using SimGraph.Replication.Peers;

namespace SimGraph.Replication.Node;

/// <summary>A query that waits until it may be answered.</summary>
/// <param name="Client">Who asked.</param>
/// <param name="RequestId">The client's number of it.</param>
/// <param name="Query">For the state machine.</param>
/// <param name="Prepared">The answer, if it does not come from the state machine.</param>
internal readonly record struct PendingRead(ClientLink Client, ulong RequestId, ReadOnlyMemory<byte> Query, PreparedAnswer? Prepared);
