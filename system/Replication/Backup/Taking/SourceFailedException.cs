namespace SimGraph.Replication.Backup.Taking;

/// <summary>A member does not serve, or not any more: another one may.</summary>
internal sealed class SourceFailedException(string message, Exception? innerException = null) : Exception(message, innerException);
