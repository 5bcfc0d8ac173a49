using System.Text;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Storage.Lsm;
using SimGraph.Storage.Lsm.Tables;
using Xunit;

namespace SimGraph.Tests.Storage.Lsm;

public sealed class TableTests
{
    private static readonly TableOptions SmallBlocks = new() { BlockBytes = 128, RestartInterval = 3 };

    private static byte[] Key(string text) => Encoding.UTF8.GetBytes(text);

    private static TableVersion Put(string key, ulong sequence, string value) => new(Key(key), sequence, EntryKind.Put, Key(value));

    private static TableModel Many(int count) => new(Enumerable.Range(0, count).Select(number => Put($"key-{number * 2:D6}", (ulong)number + 1, $"value {number}")));

    [Theory]
    [InlineData(64, 1, false)]
    [InlineData(128, 3, true)]
    [InlineData(4096, 16, false)]
    [InlineData(4096, 16, true)]
    public async Task What_was_written_is_read_in_both_directions(int blockBytes, int restartInterval, bool compress)
    {
        TableModel model = Many(3000);
        var options = new TableOptions { BlockBytes = blockBytes, RestartInterval = restartInterval, Compress = compress };
        foreach (long cacheBytes in (long[])[0, 4000, 1 << 20])
        {
            await using OpenedTable table = await OpenedTable.OfAsync(model, options, cacheBytes: cacheBytes);
            Assert.Equal(3000, table.Reader.Summary.Entries);
            await OpenedTable.AssertSameAsync(model, table.Reader, fillCache: true);
            await OpenedTable.AssertSameAsync(model, table.Reader, fillCache: false);
            await table.Reader.VerifyAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task The_newest_version_that_is_old_enough_is_found_even_where_the_versions_of_a_key_fill_several_blocks()
    {
        var model = new TableModel([
            Put("a", 5, "a5"),
            .. Enumerable.Range(1, 200).Select(sequence => Put("b", (ulong)sequence * 2, $"b{sequence}")),
            Put("bb", 5, "bb5"),
        ]);
        await using OpenedTable table = await OpenedTable.OfAsync(model, SmallBlocks);
        for (ulong sequence = 0; sequence <= 402; sequence++)
        {
            OpenedTable.AssertSame(model.Find(Key("b"), sequence), await table.Reader.FindAsync(Key("b"), sequence, CancellationToken.None));
            OpenedTable.AssertSame(model.Find(Key("bb"), sequence), await table.Reader.FindAsync(Key("bb"), sequence, CancellationToken.None));
        }

        OpenedTable.AssertSame(model.Find(Key("b"), ulong.MaxValue), await table.Reader.FindAsync(Key("b"), ulong.MaxValue, CancellationToken.None));
    }

    [Fact]
    public async Task Each_present_key_is_found_and_no_absent_one()
    {
        TableModel model = Many(2000);
        foreach (int bits in (int[])[0, 10])
        {
            await using OpenedTable table = await OpenedTable.OfAsync(model, SmallBlocks with { BloomBitsPerKey = bits });
            for (int number = -1; number <= 4000; number++)
            {
                byte[] key = Key($"key-{number:D6}");
                OpenedTable.AssertSame(model.Find(key, ulong.MaxValue), await table.Reader.FindAsync(key, ulong.MaxValue, CancellationToken.None));
            }
        }
    }

    [Fact]
    public async Task Keys_and_values_of_all_sizes_come_back()
    {
        byte[] longKey = Enumerable.Repeat((byte)'k', TableLimits.KeyBytesMax).ToArray();
        byte[] nearlyTheSame = [.. longKey];
        nearlyTheSame[^1]++;
        byte[] bigValue = new byte[5 << 20];
        new Random(1).NextBytes(bigValue);
        var model = new TableModel([
            new TableVersion([], 1, EntryKind.Put, []),
            new TableVersion([], ulong.MaxValue, EntryKind.Delete, []),
            new TableVersion([0], 2, EntryKind.Put, bigValue),
            new TableVersion([0, 0], 3, EntryKind.Put, [1]),
            new TableVersion([0, 0], 0, EntryKind.Put, new byte[5000]),
            new TableVersion(longKey, 4, EntryKind.Put, new byte[300_000]),
            new TableVersion(nearlyTheSame, 4, EntryKind.Delete, []),
            new TableVersion([0xFF, 0xFF], 5, EntryKind.Put, []),
        ]);
        foreach (bool compress in (bool[])[false, true])
        {
            await using OpenedTable table = await OpenedTable.OfAsync(model, new TableOptions { Compress = compress });
            await OpenedTable.AssertSameAsync(model, table.Reader, fillCache: true);
            await table.Reader.VerifyAsync(CancellationToken.None);
            foreach (TableVersion version in model.Versions)
            {
                OpenedTable.AssertSame(version, await table.Reader.FindAsync(version.Key, version.Sequence, CancellationToken.None));
            }
        }
    }

    [Fact]
    public async Task The_summary_counts_what_is_there_and_covers_range_tombstones()
    {
        var model = new TableModel([Put("d", 10, "four"), Put("f", 12, "fives"), new TableVersion(Key("e"), 11, EntryKind.Delete, [])]);
        RangeTombstone[] tombstones = [new(Key("m"), Key("z"), 3), new(Key("b"), Key("c"), 40), new(Key("b"), Key("c"), 50)];
        await using OpenedTable table = await OpenedTable.OfAsync(model, tombstones: tombstones);
        foreach (TableSummary summary in (TableSummary[])[table.Written, table.Reader.Summary])
        {
            Assert.Equal((3, 1, 3), (summary.Entries, summary.Deletes, summary.RangeTombstones));
            Assert.Equal((3, 9), (summary.RawKeyBytes, summary.RawValueBytes));
            Assert.Equal((3ul, 50ul), (summary.SmallestSequence, summary.LargestSequence));
            Assert.Equal(Key("b"), summary.SmallestKey.ToArray());
            Assert.Equal(Key("z"), summary.LargestKey.ToArray());
            Assert.Equal(table.Disk.Get(OpenedTable.Path).Length, summary.Length);
        }

        Assert.Equal([("b", 50ul), ("b", 40ul), ("m", 3ul)], table.Reader.RangeTombstones.Select(found => (Encoding.UTF8.GetString(found.Start.Span), found.Sequence)));
        await table.Reader.VerifyAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_table_of_range_tombstones_alone_is_a_table()
    {
        await using OpenedTable table = await OpenedTable.OfAsync(new TableModel([]), tombstones: [new(Key("b"), Key("c"), 9)]);
        Assert.Equal("b", Encoding.UTF8.GetString(table.Reader.Summary.SmallestKey.Span));
        Assert.False((await table.Reader.FindAsync(Key("b"), ulong.MaxValue, CancellationToken.None)).Found);
        await OpenedTable.AssertSameAsync(new TableModel([]), table.Reader, fillCache: true);
        EntryCursor cursor = table.Reader.OpenCursor(fillCache: true);
        await cursor.SeekAsync(Key("b"), 9, CancellationToken.None);
        Assert.False(cursor.IsValid);
        await cursor.SeekBeforeAsync(Key("z"), CancellationToken.None);
        Assert.False(cursor.IsValid);
        await table.Reader.VerifyAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_lookup_in_cached_blocks_allocates_nothing()
    {
        TableModel model = Many(2000);
        await using OpenedTable table = await OpenedTable.OfAsync(model);
        await OpenedTable.AssertSameAsync(model, table.Reader, fillCache: true);
        byte[][] keys = [.. model.Versions.Select(version => version.Key)];
        Assert.Equal(keys.Length, FindAll(table.Reader, keys));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(keys.Length, FindAll(table.Reader, keys));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // The smallest object takes 24 bytes. Less than one for each lookup is the rest of the thread's allocation buffer, which a collection that comes between counts as allocated.
        Assert.True(allocated < 24L * keys.Length, $"{allocated} bytes for {keys.Length} lookups");
    }

    [Fact]
    public async Task A_value_stays_as_it_was_after_its_block_left_the_cache()
    {
        TableModel model = Many(2000);
        await using OpenedTable table = await OpenedTable.OfAsync(model, SmallBlocks, cacheBytes: 2000);
        TableLookup found = await table.Reader.FindAsync(model.Versions[0].Key, ulong.MaxValue, CancellationToken.None);
        await OpenedTable.AssertSameAsync(model, table.Reader, fillCache: true);
        Assert.True(table.Cache.Evictions > 0);
        OpenedTable.AssertSame(model.Versions[0], found);
    }

    [Fact]
    public async Task Cursors_that_work_at_the_same_time_do_not_disturb_each_other()
    {
        TableModel model = Many(1000);
        await using OpenedTable table = await OpenedTable.OfAsync(model, SmallBlocks, cacheBytes: 1000);
        EntryCursor forward = table.Reader.OpenCursor(fillCache: false);
        EntryCursor backward = table.Reader.OpenCursor(fillCache: false);
        await forward.SeekToFirstAsync(CancellationToken.None);
        await backward.SeekToLastAsync(CancellationToken.None);
        for (int index = 0; index < model.Versions.Count; index++)
        {
            OpenedTable.AssertSame(model.Versions[index], forward);
            OpenedTable.AssertSame(model.Versions[^(index + 1)], backward);
            await forward.MoveNextAsync(CancellationToken.None);
            await backward.MovePreviousAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_read_that_fails_is_reported_and_may_be_tried_again()
    {
        TableModel model = Many(1000);
        await using OpenedTable table = await OpenedTable.OfAsync(model, SmallBlocks, cacheBytes: 0);
        EntryCursor cursor = table.Reader.OpenCursor(fillCache: true);
        await cursor.SeekToFirstAsync(CancellationToken.None);
        while (cursor.TryMoveNext())
        {
        }

        table.Disk.FailAt = table.Disk.Calls + 1;
        await Assert.ThrowsAsync<DiskException>(async () => await cursor.MoveNextAsync(CancellationToken.None));
        TableVersion stayed = OpenedTable.Shown(cursor)!;
        await cursor.MoveNextAsync(CancellationToken.None);
        Assert.Equal(model.Versions[model.Versions.ToList().FindIndex(version => version.ToString() == stayed.ToString()) + 1].ToString(), OpenedTable.Shown(cursor)!.ToString());
        table.Disk.FailAt = table.Disk.Calls + 1;
        await Assert.ThrowsAsync<DiskException>(async () => await cursor.SeekAsync(model.Versions[800].Key, ulong.MaxValue, CancellationToken.None));
        Assert.False(cursor.IsValid);
        table.Disk.FailAt = table.Disk.Calls + 1;
        await Assert.ThrowsAsync<DiskException>(async () => await table.Reader.FindAsync(model.Versions[500].Key, 501, CancellationToken.None));
        OpenedTable.AssertSame(model.Versions[500], await table.Reader.FindAsync(model.Versions[500].Key, 501, CancellationToken.None));
        await OpenedTable.AssertSameAsync(model, table.Reader, fillCache: false);
    }

    [Fact]
    public async Task Whatever_disk_call_fails_while_writing_the_writer_says_so_and_leaves_no_handle()
    {
        TableModel model = Many(20_000);
        long calls = 0;
        for (long failAt = 1; ; failAt++)
        {
            var disk = new MemoryDisk { FailAt = failAt };
            TableWriter? writer = null;
            try
            {
                writer = await TableWriter.CreateAsync(disk, OpenedTable.Path, 1, new TableOptions(), CancellationToken.None);
                foreach (TableVersion version in model.Versions)
                {
                    await writer.AddAsync(version.Key, version.Sequence, version.Kind, version.Value, CancellationToken.None);
                }

                await writer.FinishAsync(CancellationToken.None);
                calls = failAt;
                break;
            }
            catch (DiskException)
            {
                if (writer is not null)
                {
                    await Assert.ThrowsAsync<InvariantViolationException>(async () => await writer.FinishAsync(CancellationToken.None));
                    await writer.AbandonAsync();
                }
            }
            finally
            {
                Assert.Equal(0, disk.OpenFiles);
            }
        }

        // Create, several writes, the flush.
        Assert.True(calls > 5, $"{calls} calls");
    }

    [Fact]
    public async Task Versions_out_of_order_and_tables_of_nothing_are_refused()
    {
        var disk = new MemoryDisk();
        TableWriter writer = await TableWriter.CreateAsync(disk, OpenedTable.Path, 1, new TableOptions(), CancellationToken.None);
        await Assert.ThrowsAsync<InvariantViolationException>(async () => await writer.FinishAsync(CancellationToken.None));
        await writer.AddAsync(Key("b"), 5, EntryKind.Put, Key("x"), CancellationToken.None);
        foreach ((string key, ulong sequence) in ((string, ulong)[])[("a", 9), ("b", 5), ("b", 6)])
        {
            await Assert.ThrowsAsync<InvariantViolationException>(async () => await writer.AddAsync(Key(key), sequence, EntryKind.Put, Key("x"), CancellationToken.None));
        }

        await writer.AbandonAsync();
        await writer.AbandonAsync();
    }

    private static int FindAll(TableReader reader, byte[][] keys)
    {
        int found = 0;
        foreach (byte[] key in keys)
        {
            Assert.True(reader.TryFind(key, TableReader.HashOf(key), ulong.MaxValue, out TableLookup lookup));
            found += lookup.Found ? 1 : 0;
        }

        return found;
    }
}
