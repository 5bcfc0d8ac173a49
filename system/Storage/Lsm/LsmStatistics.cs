namespace SimGraph.Storage.Lsm;

/// <summary>A tree's shape now and what it has done since it was opened.</summary>
public sealed record LsmStatistics
{
    /// <summary>Tables and bytes of each level, the first first.</summary>
    public IReadOnlyList<LsmLevel> Levels { get; init; } = [];

    /// <summary>Bytes of the memtable that takes writes.</summary>
    public long ActiveMemtableBytes { get; init; }

    /// <summary>Memtables that wait for their flush.</summary>
    public int ImmutableMemtables { get; init; }

    /// <summary>Their bytes.</summary>
    public long ImmutableMemtableBytes { get; init; }

    /// <summary>Tables that are no longer part of the tree and wait for their readers before they are deleted.</summary>
    public int TablesToDelete { get; init; }

    /// <summary>Different sequences that open snapshots pin.</summary>
    public int Snapshots { get; init; }

    /// <summary>Bytes of blocks in memory.</summary>
    public long CacheBytes { get; init; }

    /// <summary>Blocks found in memory.</summary>
    public long CacheHits { get; init; }

    /// <summary>Blocks that had to be read.</summary>
    public long CacheMisses { get; init; }

    /// <summary>Memtables flushed.</summary>
    public long Flushes { get; init; }

    /// <summary>Bytes of tables written by flushes.</summary>
    public long BytesFlushed { get; init; }

    /// <summary>Compactions done.</summary>
    public long Compactions { get; init; }

    /// <summary>Tables moved down a level without being written again.</summary>
    public long TrivialMoves { get; init; }

    /// <summary>Bytes of tables read by compactions.</summary>
    public long BytesCompactedRead { get; init; }

    /// <summary>Bytes of tables written by compactions.</summary>
    public long BytesCompactedWritten { get; init; }

    /// <summary>Flushes and compactions that failed and were or will be tried again.</summary>
    public long FailedAttempts { get; init; }

    /// <summary>Writes that had to wait for room.</summary>
    public LsmStalls Stalls { get; init; } = new(0, TimeSpan.Zero, TimeSpan.Zero, []);
}
