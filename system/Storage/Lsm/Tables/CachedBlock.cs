namespace SimGraph.Storage.Lsm.Tables;

/// <summary>A block's place in the ring of a <see cref="BlockCache"/>, whose lock guards the links.</summary>
internal sealed class CachedBlock
{
    /// <summary>Set by readers without a lock; cleared when the hand comes by.</summary>
    public bool WasRead;

    public CachedBlock(BlockShelf shelf, int index, TableBlock block, long bytes)
    {
        Shelf = shelf;
        Index = index;
        Block = block;
        Bytes = bytes;
        Next = Previous = this;
    }

    public BlockShelf Shelf { get; }

    public int Index { get; }

    public TableBlock Block { get; }

    public long Bytes { get; }

    public CachedBlock Next { get; set; }

    public CachedBlock Previous { get; set; }
}
