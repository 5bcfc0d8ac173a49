namespace SimGraph.Storage.Log;

/// <summary>
/// What a start does to the entries. Decided when the batch is accepted and written down: on recovery the entry at the start may have gone
/// already with its segment.
/// </summary>
internal enum StartEffect
{
    /// <summary>Nothing: there is no start, or the log begins there or later already.</summary>
    None,

    /// <summary>Entries up to it are forgotten.</summary>
    KeepsEntriesBehind,

    /// <summary>All entries are forgotten.</summary>
    ForgetsAll,
}
