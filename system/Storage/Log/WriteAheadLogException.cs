namespace SimGraph.Storage.Log;

/// <summary>
/// The log's disk failed. Whether the batches in flight are durable is unknown, so the log accepts nothing more. Fatal for the process: only
/// a restart, which recovers from what the disk really holds, may go on.
/// </summary>
public sealed class WriteAheadLogException(string message, Exception? innerException = null) : Exception(message, innerException);
