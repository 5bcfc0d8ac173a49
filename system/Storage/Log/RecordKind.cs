namespace SimGraph.Storage.Log;

/// <summary>What a record of a segment is. Values are part of the on-disk format.</summary>
internal enum RecordKind : byte
{
    /// <summary>Consensus' own bytes.</summary>
    State = 1,

    /// <summary>A new start; entries behind it stay.</summary>
    StartKeepingEntries = 2,

    /// <summary>A new start; all entries are forgotten.</summary>
    StartForgettingEntries = 3,

    /// <summary>A log entry.</summary>
    Entry = 4,
}
