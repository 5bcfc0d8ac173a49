namespace SimGraph.Properties.Storage.Wal;

/// <summary>What an operation of a log's workload does.</summary>
internal enum WalOperationKind
{
    /// <summary>Appends entries behind the last one, without waiting.</summary>
    Append,

    /// <summary>Appends an entry without naming its index.</summary>
    AppendNext,

    /// <summary>Appends a batch that leaves a gap: it is refused, and nothing of it may show, now or later.</summary>
    Refused,

    /// <summary>Appends entries that replace the last ones.</summary>
    Overwrite,

    /// <summary>Appends a state.</summary>
    State,

    /// <summary>Appends a state with entries.</summary>
    StateAndEntries,

    /// <summary>Moves the start to an entry of the log.</summary>
    Start,

    /// <summary>Moves the start behind the log's end, which forgets all entries.</summary>
    Install,

    /// <summary>Deletes segments before the start.</summary>
    Truncate,

    /// <summary>Waits until everything appended so far is acknowledged.</summary>
    Settle,
}
