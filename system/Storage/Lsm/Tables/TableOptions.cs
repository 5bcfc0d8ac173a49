namespace SimGraph.Storage.Lsm.Tables;

/// <summary>How a table is written. Reading needs none of it: a table says what it is.</summary>
internal sealed record TableOptions
{
    /// <summary>Bytes of a block before compression, 64 to 1 MiB. An entry that would make it longer begins the next; a larger one has a block of its own.</summary>
    public int BlockBytes { get; init; } = 4096;

    /// <summary>Each how many entries a key is written whole, 1 to 1024.</summary>
    public int RestartInterval { get; init; } = 16;

    /// <summary>Bits of bloom filter for each key, 0 (no filter) to 64. Ten let about one in a hundred absent keys through.</summary>
    public int BloomBitsPerKey { get; init; } = 10;

    /// <summary>Whether blocks are compressed (LZ4) where that saves at least an eighth.</summary>
    public bool Compress { get; init; }

    /// <summary>Throws if a value is out of range.</summary>
    /// <exception cref="ArgumentException">Names the value and its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BlockBytes, 64);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BlockBytes, 1 << 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(RestartInterval, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(RestartInterval, 1024);
        ArgumentOutOfRangeException.ThrowIfNegative(BloomBitsPerKey);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BloomBitsPerKey, 64);
    }
}
