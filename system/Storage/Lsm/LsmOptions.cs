using SimGraph.Runtime.Disk;
using SimGraph.Storage.Lsm.Tables;

namespace SimGraph.Storage.Lsm;

/// <summary>Where a tree lives, its shape and its limits.</summary>
public sealed record LsmOptions
{
    /// <summary>Folder of the tree's files. Nothing else may use it.</summary>
    public string Folder { get; init; } = "tree";

    /// <summary>A memtable that would grow beyond this many bytes is closed and flushed, 1 KiB to 1 GiB. Default 4 MiB.</summary>
    public long MemtableBytes { get; init; } = 4 << 20;

    /// <summary>Memtables that may wait for their flush before writes wait, 1 to 64. Default 2.</summary>
    public int ImmutableMemtablesMax { get; init; } = 2;

    /// <summary>Tables in level 0 that start a compaction, 1 to 1000. Default 4.</summary>
    public int LevelZeroCompactionTables { get; init; } = 4;

    /// <summary>Tables in level 0 at which writes wait; above <see cref="LevelZeroCompactionTables"/>. Default 12.</summary>
    public int LevelZeroStallTables { get; init; } = 12;

    /// <summary>Number of levels, 2 to 10. Default 7.</summary>
    public int LevelCount { get; init; } = 7;

    /// <summary>How many times larger than the one above a level may be, 2 to 100. Default 10.</summary>
    public int LevelRatio { get; init; } = 10;

    /// <summary>Bytes that level 1 may hold, at least 1 KiB. Default 16 MiB.</summary>
    public long LevelOneBytes { get; init; } = 16 << 20;

    /// <summary>A compaction begins another table when one has this many bytes, at least 256. Default 4 MiB.</summary>
    public long TableBytes { get; init; } = 4 << 20;

    /// <summary>Bytes of a table's blocks, 64 to 1 MiB. Default 4 KiB.</summary>
    public int BlockBytes { get; init; } = 4 << 10;

    /// <summary>Bits of bloom filter for each key, 0 (none) to 64. Default 10.</summary>
    public int BloomBitsPerKey { get; init; } = 10;

    /// <summary>Whether blocks are compressed.</summary>
    public bool Compress { get; init; }

    /// <summary>Bytes of blocks kept in memory; 0 for none. Default 32 MiB.</summary>
    public long BlockCacheBytes { get; init; } = 32 << 20;

    /// <summary>Tables whose files are open at the same time, unless more are in use; at least 1. Default 1000.</summary>
    public int TablesOpenMax { get; init; } = 1000;

    /// <summary>Longest key in bytes, 1 to 64 KiB. Default 64 KiB.</summary>
    public int KeyBytesMax { get; init; } = WriteBatch.KeyBytesMax;

    /// <summary>Longest value in bytes, 1 to 64 MiB. Default 4 MiB.</summary>
    public int ValueBytesMax { get; init; } = 4 << 20;

    /// <summary>Largest batch in bytes, at least 1 KiB and at most <see cref="WriteBatch.BytesMax"/>. Default 64 MiB.</summary>
    public long BatchBytesMax { get; init; } = 64 << 20;

    /// <summary>A manifest that has grown by this many bytes is written anew, at least 1 KiB. Default 1 MiB.</summary>
    public long ManifestBytesMax { get; init; } = 1 << 20;

    /// <summary>How long a failed flush or compaction rests before it is tried again. Default 1 s.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a write waits for room before it fails. Default 30 s.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stop waits for calls of the disk that are under way. Default 4 s.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(4);

    internal TableOptions Tables => new() { BlockBytes = BlockBytes, BloomBitsPerKey = BloomBitsPerKey, Compress = Compress };

    /// <summary>Throws if a value is out of range.</summary>
    /// <exception cref="ArgumentException">Names the value and its range.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Folder);
        DiskPath.Check(Folder);
        CheckRange(MemtableBytes, 1 << 10, 1 << 30, nameof(MemtableBytes));
        CheckRange(ImmutableMemtablesMax, 1, 64, nameof(ImmutableMemtablesMax));
        CheckRange(LevelZeroCompactionTables, 1, 1000, nameof(LevelZeroCompactionTables));
        CheckRange(LevelZeroStallTables, LevelZeroCompactionTables + 1, 10_000, nameof(LevelZeroStallTables));
        CheckRange(LevelCount, 2, 10, nameof(LevelCount));
        CheckRange(LevelRatio, 2, 100, nameof(LevelRatio));
        CheckRange(LevelOneBytes, 1 << 10, 1L << 40, nameof(LevelOneBytes));
        CheckRange(TableBytes, 256, 1L << 32, nameof(TableBytes));
        CheckRange(BlockCacheBytes, 0, 1L << 40, nameof(BlockCacheBytes));
        CheckRange(TablesOpenMax, 1, 1 << 20, nameof(TablesOpenMax));
        CheckRange(KeyBytesMax, 1, WriteBatch.KeyBytesMax, nameof(KeyBytesMax));
        CheckRange(ValueBytesMax, 1, 64 << 20, nameof(ValueBytesMax));
        CheckRange(BatchBytesMax, 1 << 10, WriteBatch.BytesMax, nameof(BatchBytesMax));
        CheckRange(ManifestBytesMax, 1 << 10, 1 << 30, nameof(ManifestBytesMax));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RetryDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(StallLimit, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(StopLimit, TimeSpan.Zero);
        Tables.Validate();
    }

    /// <summary>Bytes that a level may hold before it is compacted.</summary>
    internal double BytesMaxOf(int level)
    {
        double bytes = LevelOneBytes;
        for (int i = 1; i < level; i++)
        {
            bytes *= LevelRatio;
        }

        return bytes;
    }

    private static void CheckRange(long value, long least, long most, string name)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be {least} to {most}");
        }
    }
}
