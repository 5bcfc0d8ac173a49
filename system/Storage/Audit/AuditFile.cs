namespace SimGraph.Storage.Audit;

/// <summary>A file of the log as it is listed.</summary>
/// <param name="First">Number of its first line.</param>
/// <param name="Compressed">Whether it is compressed.</param>
/// <param name="Bytes">Its length on disk; of the newest file, the durable part.</param>
internal sealed record AuditFile(ulong First, bool Compressed, long Bytes)
{
    /// <summary>When its last line was written; null if that was not looked up.</summary>
    public DateTimeOffset? LastTime { get; init; }
}
