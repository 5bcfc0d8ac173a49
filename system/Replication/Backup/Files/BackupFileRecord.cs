namespace SimGraph.Replication.Backup.Files;

/// <summary>A file as the manifest knows it: so many bytes of it count, with this XxHash3.</summary>
internal readonly record struct BackupFileRecord(long Length, ulong Hash);
