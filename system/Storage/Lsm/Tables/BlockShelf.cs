namespace SimGraph.Storage.Lsm.Tables;

/// <summary>The places of one table's blocks in a <see cref="BlockCache"/>. Thread-safe.</summary>
internal sealed class BlockShelf(BlockCache cache, int blocks)
{
    /// <summary>Written under the cache's lock, read without.</summary>
    internal CachedBlock?[] Places { get; } = new CachedBlock?[blocks];

    /// <summary>Guarded by the cache's lock.</summary>
    internal bool IsClosed { get; set; }

    /// <summary>The block if it is cached.</summary>
    public TableBlock? Find(int index)
    {
        CachedBlock? cached = Volatile.Read(ref Places[index]);
        if (cached is null)
        {
            return null;
        }

        // Readers share the cache line: it is written only when that changes something.
        if (!Volatile.Read(ref cached.WasRead))
        {
            Volatile.Write(ref cached.WasRead, true);
        }

        cache.CountHit();
        return cached.Block;
    }

    /// <summary>Notes that a block had to be read.</summary>
    public void CountMiss() => cache.CountMiss();

    /// <summary>Takes a block in, if there is room; returns the block to use.</summary>
    public TableBlock Add(int index, TableBlock block) => cache.Add(this, index, block);

    /// <summary>Gives all places back.</summary>
    public void Close() => cache.Close(this);
}
