using SimGraph.Replication.Peers;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Node;

/// <summary>A client's command or change of the membership that stands in the log and waits for its outcome.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Client">Whom to answer.</param>
/// <param name="RequestId">The client's number for it.</param>
/// <param name="ByAll">Whether it is answered only when every member has it.</param>
internal readonly record struct PendingWrite(LogPosition Position, ClientLink Client, ulong RequestId, bool ByAll = false);
