namespace SimGraph.Storage.Log;

/// <summary>What a log held when it was opened; all of it is durable.</summary>
public sealed record LogRecovery
{
    /// <summary>The newest <see cref="LogBatch.State"/>; null if none was ever appended.</summary>
    public ReadOnlyMemory<byte>? State { get; init; }

    /// <summary>The log begins behind this position; (0, 0) if no start was ever appended.</summary>
    public LogPosition Start { get; init; }

    /// <summary>The entries behind <see cref="Start"/>, without gaps.</summary>
    public IReadOnlyList<LogEntry> Entries { get; init; } = [];

    /// <summary>Bytes of a torn tail, never acknowledged, that were cut away.</summary>
    public long BytesCut { get; init; }
}
