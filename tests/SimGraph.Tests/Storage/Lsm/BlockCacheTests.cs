using SimGraph.Storage.Lsm.Tables;
using Xunit;

namespace SimGraph.Tests.Storage.Lsm;

public sealed class BlockCacheTests
{
    private static TableBlock Block(int bytes)
    {
        // One entry, one restart point at 0.
        byte[] array = new byte[bytes];
        array[^4] = 1;
        return new TableBlock("file", 0, array, 0, bytes);
    }

    [Fact]
    public void It_never_holds_more_than_its_budget_and_keeps_what_is_read_again()
    {
        var cache = new BlockCache(20_000);
        var shelf = new BlockShelf(cache, 1000);
        TableBlock favourite = shelf.Add(0, Block(1000));
        for (int index = 1; index < 1000; index++)
        {
            shelf.Add(index, Block(1000));
            Assert.True(cache.Bytes <= cache.CapacityBytes);
            Assert.Same(favourite, shelf.Find(0));
        }

        Assert.Equal(999, cache.Hits);
        Assert.Equal(1000 - cache.Count, cache.Evictions);
        Assert.InRange(cache.Count, 15, 20);
    }

    [Fact]
    public void Each_table_finds_its_own_blocks_only()
    {
        var cache = new BlockCache(100_000);
        BlockShelf[] shelves = [new BlockShelf(cache, 3), new BlockShelf(cache, 3)];
        TableBlock first = shelves[0].Add(1, Block(100));
        Assert.Null(shelves[1].Find(1));
        TableBlock second = shelves[1].Add(1, Block(100));
        Assert.Same(first, shelves[0].Find(1));
        Assert.Same(second, shelves[1].Find(1));
        Assert.Same(second, shelves[1].Add(1, Block(100)));
    }

    [Fact]
    public void A_closed_table_gives_all_its_room_back_and_takes_none_again()
    {
        var cache = new BlockCache(100_000);
        var shelf = new BlockShelf(cache, 10);
        var other = new BlockShelf(cache, 10);
        for (int index = 0; index < 10; index++)
        {
            shelf.Add(index, Block(100));
            other.Add(index, Block(100));
        }

        shelf.Close();
        shelf.Close();
        Assert.Equal(10, cache.Count);
        shelf.Add(3, Block(100));
        Assert.Null(shelf.Find(3));
        Assert.Equal(10, cache.Count);
        other.Close();
        Assert.Equal((0, 0), (cache.Count, cache.Bytes));
    }

    [Fact]
    public void A_block_that_would_push_out_a_large_part_of_the_others_stays_outside()
    {
        var cache = new BlockCache(10_000);
        var shelf = new BlockShelf(cache, 2);
        shelf.Add(0, Block(4000));
        Assert.Null(shelf.Find(0));
        new BlockShelf(new BlockCache(0), 1).Add(0, Block(16));
    }
}
