namespace SimGraph.Storage.Audit;

/// <summary>
/// The audit log's disk failed. Whether the events in flight are durable is unknown, so the log accepts nothing more. Fatal for the process: only a
/// restart, which recovers from what the disk really holds, may go on.
/// </summary>
public sealed class AuditException(string message, Exception? innerException = null) : Exception(message, innerException);
