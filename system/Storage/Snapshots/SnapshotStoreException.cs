namespace SimGraph.Storage.Snapshots;

/// <summary>
/// The disk failed while a snapshot was opened or saved. The snapshot before it is still there and still <see cref="SnapshotStore.Latest"/>, so
/// the log must not be truncated to the new one.
/// </summary>
public sealed class SnapshotStoreException(string message, Exception? innerException = null) : Exception(message, innerException);
