namespace SimGraph.Replication.Backup;

/// <summary>A backup could not be taken, continued, read or restored; the message says why and what to do.</summary>
public class BackupException(string message, Exception? innerException = null) : Exception(message, innerException);
