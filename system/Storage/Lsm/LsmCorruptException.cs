namespace SimGraph.Storage.Lsm;

/// <summary>Bytes that were durable once are damaged, missing, or those of another file. Nothing was changed on disk.</summary>
public sealed class LsmCorruptException(string file, long offset, string reason)
    : LsmException($"the tree is damaged: {file} at offset {offset}: {reason}. Nothing was changed; restore this machine's data from another replica or a backup")
{
    /// <summary>Path of the damaged file, or of the folder if one is missing.</summary>
    public string File { get; } = file;

    /// <summary>Where the damage begins.</summary>
    public long Offset { get; } = offset;

    /// <summary>What is wrong.</summary>
    public string Reason { get; } = reason;
}
