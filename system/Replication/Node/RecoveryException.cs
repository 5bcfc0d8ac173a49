namespace SimGraph.Replication.Node;

/// <summary>Log and state on the disk do not belong together: the node refuses to start rather than to guess.</summary>
public sealed class RecoveryException(string message) : Exception(message);
