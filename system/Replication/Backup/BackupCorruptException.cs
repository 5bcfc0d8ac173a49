namespace SimGraph.Replication.Backup;

/// <summary>A file of a backup is damaged: the message says which, and where.</summary>
public sealed class BackupCorruptException(string path, long offset, string what)
    : BackupException($"the backup is damaged: {path}, offset {offset}: {what}; restore from another copy")
{
    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>Where in it.</summary>
    public long Offset => offset;
}
