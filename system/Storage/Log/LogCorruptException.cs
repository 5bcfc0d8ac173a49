namespace SimGraph.Storage.Log;

/// <summary>
/// The log refuses to open: bytes that were durable once are damaged or missing. Nothing was changed on disk. Restore the machine's data from
/// another replica or from a backup.
/// </summary>
public sealed class LogCorruptException(string file, long offset, string reason)
    : Exception(
        $"the write-ahead log is damaged: {file} at offset {offset}: {reason}. Nothing was changed; restore this machine's data from another replica")
{
    /// <summary>Path of the damaged segment, or of the folder if a segment is missing.</summary>
    public string File { get; } = file;

    /// <summary>Where the damage begins.</summary>
    public long Offset { get; } = offset;

    /// <summary>What is wrong.</summary>
    public string Reason { get; } = reason;
}
