using SimGraph.Storage.Graph;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Fanout.Following;

/// <summary>An answer of a read replica.</summary>
/// <param name="Answer">What the graph answered.</param>
/// <param name="At">The state that it is of: the last entry that was applied. It may be behind the cluster.</param>
public sealed record ReplicaAnswer(GraphAnswer Answer, LogPosition At);
