namespace SimGraph.Replication.Node;

/// <summary>A snapshot could not be made durable: the disk cannot be trusted, so the node ends.</summary>
public sealed class SnapshotFailedException(Exception innerException)
    : Exception($"a snapshot could not be saved: {innerException.Message}", innerException);
