namespace SimGraph.Storage.Lsm.Versions;

/// <summary>What leads from one version to the next; one record of the manifest.</summary>
internal sealed record VersionEdit
{
    /// <summary>All file numbers from here on are unused.</summary>
    public ulong NextNumber { get; init; }

    /// <summary>Tables hold everything up to this sequence.</summary>
    public ulong DurableSequence { get; init; }

    /// <summary>Tables that are no longer part of the tree: level and number.</summary>
    public IReadOnlyList<(int Level, ulong Number)> Removed { get; init; } = [];

    /// <summary>Tables that are now part of it.</summary>
    public IReadOnlyList<(int Level, LsmTable Table)> Added { get; init; } = [];

    /// <summary>Where the next compaction of a level goes on: behind this key.</summary>
    public IReadOnlyList<(int Level, ReadOnlyMemory<byte> Key)> Pointers { get; init; } = [];
}
