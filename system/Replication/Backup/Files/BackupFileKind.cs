namespace SimGraph.Replication.Backup.Files;

/// <summary>What a file of a backup holds. Values are part of the format.</summary>
internal enum BackupFileKind : byte
{
    /// <summary>The base state: each record is a chunk of pairs.</summary>
    Base = 1,

    /// <summary>Log entries: each record is one.</summary>
    Entries = 2,
}
