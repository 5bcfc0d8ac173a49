namespace SimGraph.Storage.Snapshots;

/// <summary>
/// The newest snapshot is damaged. An older one is not taken instead: the log between the two may be gone. Nothing was changed on disk. Restore the
/// machine's data from another replica or from a backup.
/// </summary>
public sealed class SnapshotCorruptException(string file, string reason)
    : Exception($"the newest snapshot is damaged: {file}: {reason}. Nothing was changed; restore this machine's data from another replica")
{
    /// <summary>Path of the snapshot.</summary>
    public string File { get; } = file;

    /// <summary>What is wrong.</summary>
    public string Reason { get; } = reason;
}
