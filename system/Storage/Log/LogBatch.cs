namespace SimGraph.Storage.Log;

/// <summary>
/// What one append makes durable, in the order state, start, entries. A crash before the append completes may leave any prefix of that order.
/// The memory it refers to must not change until the append has completed.
/// </summary>
public sealed record LogBatch
{
    /// <summary>
    /// Opaque bytes of consensus (term and vote). The newest wins on recovery. Null leaves it as it is; a null array that is converted is not null but
    /// an empty state.
    /// </summary>
    public ReadOnlyMemory<byte>? State { get; init; }

    /// <summary>
    /// The log now begins behind this position, because a snapshot covers what lies before: entries up to it are forgotten, and all entries are
    /// forgotten if the log holds no entry with exactly this index and term. A position at or before the present start changes nothing.
    /// </summary>
    public LogPosition? Start { get; init; }

    /// <summary>
    /// Entries to append. Each index must lie behind the start and at most one behind the last entry; an index that exists already replaces that
    /// entry and removes all behind it.
    /// </summary>
    public IReadOnlyList<LogEntry> Entries { get; init; } = [];
}
