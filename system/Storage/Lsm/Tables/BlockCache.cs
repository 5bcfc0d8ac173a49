// Keeps decoded blocks up to a number of bytes. A table that is open has a shelf with a place for each of its blocks, so a hit is one array element: no
// hash, no lock, and no way to meet another table's block. A lock guards only what changes: taking a block in, and pushing others out.
// What goes is chosen by CLOCK: a hand goes round all cached blocks, and a block goes that was not read since the hand came by last.
// A block that was pushed out lives on as long as somebody holds a slice of it.
// Source: Corbató, "A Paging Experiment with the Multics System" (1968).

using SimGraph.Runtime;

namespace SimGraph.Storage.Lsm.Tables;

/// <summary>Blocks of tables that were read lately, up to a number of bytes. Thread-safe.</summary>
internal sealed class BlockCache
{
    // What a block costs beside its bytes: three small objects.
    private const int OverheadBytes = 160;
    private readonly object _gate = new();
    private CachedBlock? _hand;
    private long _bytes;
    private long _count;
    private long _hits;
    private long _misses;
    private long _evictions;

    public BlockCache(long capacityBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacityBytes);
        CapacityBytes = capacityBytes;
    }

    /// <summary>Bytes it may hold.</summary>
    public long CapacityBytes { get; }

    /// <summary>Bytes it holds.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Blocks it holds.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Blocks found in it so far.</summary>
    public long Hits => Interlocked.Read(ref _hits);

    /// <summary>Blocks that had to be read so far.</summary>
    public long Misses => Interlocked.Read(ref _misses);

    /// <summary>Blocks pushed out by others so far.</summary>
    public long Evictions => Interlocked.Read(ref _evictions);

    internal void CountHit() => Interlocked.Increment(ref _hits);

    internal void CountMiss() => Interlocked.Increment(ref _misses);

    /// <summary>Takes a block in, unless it is there already, is too large, or its table is closed. Returns the block to use.</summary>
    internal TableBlock Add(BlockShelf shelf, int index, TableBlock block)
    {
        long bytes = block.Array.Length + OverheadBytes;
        lock (_gate)
        {
            // One block does not push out a whole working set.
            if (shelf.IsClosed || bytes > CapacityBytes / 4)
            {
                return block;
            }

            if (shelf.Places[index] is { } present)
            {
                return present.Block;
            }

            MakeRoom(bytes);
            var cached = new CachedBlock(shelf, index, block, bytes);
            Insert(cached);
            Volatile.Write(ref shelf.Places[index], cached);
            return block;
        }
    }

    /// <summary>Forgets all blocks of a table, and takes none of them any more.</summary>
    internal void Close(BlockShelf shelf)
    {
        lock (_gate)
        {
            shelf.IsClosed = true;
            for (int index = 0; index < shelf.Places.Length; index++)
            {
                if (shelf.Places[index] is { } cached)
                {
                    Remove(cached);
                }
            }
        }
    }

    // Readers may set marks as fast as the hand clears them, so it goes round at most twice before marks stop counting.
    private void MakeRoom(long bytes)
    {
        long spared = 2 * _count;
        while (_bytes + bytes > CapacityBytes && _hand is { } candidate)
        {
            if (Volatile.Read(ref candidate.WasRead) && spared-- > 0)
            {
                Volatile.Write(ref candidate.WasRead, false);
                _hand = candidate.Next;
            }
            else
            {
                Remove(candidate);
                Interlocked.Increment(ref _evictions);
            }
        }
    }

    private void Insert(CachedBlock cached)
    {
        if (_hand is { } hand)
        {
            // Behind the hand: it comes by last.
            cached.Next = hand;
            cached.Previous = hand.Previous;
            hand.Previous.Next = cached;
            hand.Previous = cached;
        }
        else
        {
            _hand = cached;
        }

        Interlocked.Add(ref _bytes, cached.Bytes);
        Interlocked.Increment(ref _count);
    }

    private void Remove(CachedBlock cached)
    {
        Invariant.Check(ReferenceEquals(cached.Shelf.Places[cached.Index], cached), "a cached block is not in its place");
        Volatile.Write(ref cached.Shelf.Places[cached.Index], null);
        if (ReferenceEquals(cached.Next, cached))
        {
            _hand = null;
        }
        else
        {
            _hand = ReferenceEquals(_hand, cached) ? cached.Next : _hand;
            cached.Previous.Next = cached.Next;
            cached.Next.Previous = cached.Previous;
        }

        Interlocked.Add(ref _bytes, -cached.Bytes);
        Interlocked.Decrement(ref _count);
    }
}
