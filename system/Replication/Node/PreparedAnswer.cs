using SimGraph.Replication.Wire;

namespace SimGraph.Replication.Node;

/// <summary>What is said once it is confirmed that this node still led when it was prepared.</summary>
internal readonly record struct PreparedAnswer(ResponseStatus Status, ReadOnlyMemory<byte> Body);
