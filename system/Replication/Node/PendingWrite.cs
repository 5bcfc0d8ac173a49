using SimGraph.Replication.Peers;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Node;

/// <summary>A client's command or change of the membership that stands in the log and waits for its outcome.</summary>
internal readonly record struct PendingWrite(LogPosition Position, ClientLink Client, ulong RequestId);
