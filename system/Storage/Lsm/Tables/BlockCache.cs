namespace SimGraph.Storage.Lsm.Tables;

/// <summary>Blocks of tables that were read lately, up to a number of bytes. Thread-safe.</summary>
internal sealed class BlockCache(long capacityBytes)
{
    /// <summary>Bytes it may hold.</summary>
    public long CapacityBytes { get; } = capacityBytes;

    /// <summary>Bytes it holds.</summary>
    public long Bytes => 0;

    /// <summary>Blocks found in it so far.</summary>
    public long Hits => 0;

    /// <summary>Blocks that had to be read so far.</summary>
    public long Misses => 0;
}
