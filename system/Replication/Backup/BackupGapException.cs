namespace SimGraph.Replication.Backup;

/// <summary>No member holds the entries any more that follow a backup's end: it stays what it is, and the next one needs a folder of its own.</summary>
public sealed class BackupGapException(string message) : BackupException(message);
