namespace SimGraph.Replication.Backup.Wire;

/// <summary>What a member has behind a position. Values are part of the wire format.</summary>
internal enum EntriesOutcome : byte
{
    /// <summary>Entries, at least one.</summary>
    Found = 0,

    /// <summary>Nothing that is applied here.</summary>
    NothingNewer = 1,

    /// <summary>Its log begins later.</summary>
    Cut = 2,

    /// <summary>At that index it applied an entry of another term: this is not the cluster that the position is from.</summary>
    AnotherHistory = 3,
}
