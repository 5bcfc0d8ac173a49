using SimGraph.Replication.Peers;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Node;

/// <summary>A client's command that is applied, and waits for every member to have it.</summary>
/// <param name="Position">Where it stands in the log.</param>
/// <param name="Client">Whom to answer.</param>
/// <param name="RequestId">The client's number for it.</param>
/// <param name="Result">The answer.</param>
/// <param name="Deadline">When the wait ends, on the monotonic clock.</param>
internal readonly record struct AppliedWrite(LogPosition Position, ClientLink Client, ulong RequestId, byte[] Result, TimeSpan Deadline);
