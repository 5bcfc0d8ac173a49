using SimGraph.Storage.Lsm;
using Xunit;

namespace SimGraph.Tests.Storage.Lsm;

public sealed class TreeTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_delete_hides_older_levels_after_flush_compaction_and_restart()
    {
        var disk = new MemoryDisk();
        var model = new TreeModel();
        await using (TreeLab lab = await TreeLab.OpenAsync(disk, model))
        {
            await lab.PutAsync("k", "old");
            await lab.PutAsync("l", "old");
            await lab.Tree.CompactAsync(LsmRange.All, None);
            await lab.DeleteAsync("k");
            await lab.Tree.FlushAsync(None);
            Assert.Null(await lab.GetAsync("k"));
            await lab.AssertEqualsModelAsync();
            await lab.Tree.CompactAsync(LsmRange.All, None);
            Assert.Null(await lab.GetAsync("k"));
        }

        await using TreeLab again = await TreeLab.OpenAsync(disk, model);
        await again.AssertEqualsModelAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_memtable_of_deletes_only_is_flushed(bool asRange)
    {
        var disk = new MemoryDisk();
        var model = new TreeModel();
        await using (TreeLab lab = await TreeLab.OpenAsync(disk, model))
        {
            await lab.PutAsync("k", "old");
            await lab.Tree.FlushAsync(None);
            await (asRange ? lab.DeleteRangeAsync("a", "z") : lab.DeleteAsync("k"));
            await lab.Tree.FlushAsync(None);
            Assert.Equal(2UL, lab.Tree.DurableSequence);
        }

        // Nothing is replayed: the tables alone must say it.
        await using TreeLab again = await TreeLab.OpenAsync(disk.LosePower(() => false), model);
        Assert.Null(await again.GetAsync("k"));
        await again.AssertEqualsModelAsync();
    }

    [Fact]
    public async Task Of_several_level_zero_tables_the_newest_answers_reads_and_scans()
    {
        var disk = new MemoryDisk();
        await using TreeLab lab = await TreeLab.OpenAsync(disk, null, TreeLab.Tiny with { LevelZeroCompactionTables = 50, LevelZeroStallTables = 60 });
        for (int i = 0; i < 5; i++)
        {
            await lab.PutAsync("k", $"{i}");
            await lab.Tree.FlushAsync(None);
        }

        Assert.Equal(5, lab.Tree.Statistics.Levels[0].Tables);
        await lab.AssertEqualsModelAsync();
    }

    [Fact]
    public async Task An_empty_batch_moves_the_sequence_and_a_flush_makes_that_durable()
    {
        await using TreeLab lab = await TreeLab.OpenAsync(new MemoryDisk());
        await lab.ApplyAsync();
        await lab.Tree.FlushAsync(None);
        Assert.Equal((1UL, 1UL), (lab.Tree.LastSequence, lab.Tree.DurableSequence));
        Assert.Equal(0, lab.Tree.Statistics.Levels[0].Tables);
    }

    [Fact]
    public async Task A_file_number_is_never_used_twice_not_even_after_restarts()
    {
        var disk = new MemoryDisk();
        var model = new TreeModel();
        var seen = new Dictionary<string, string>();
        for (int round = 0; round < 6; round++)
        {
            await using (TreeLab lab = await TreeLab.OpenAsync(disk, model))
            {
                for (int i = 0; i < 20; i++)
                {
                    await lab.PutAsync($"k{i:D2}", $"round {round} {new string('x', 50)}");
                    await lab.Tree.FlushAsync(None);
                }

                await lab.Tree.CompactAsync(LsmRange.All, None);
                await lab.AssertEqualsModelAsync();
            }

            foreach (string path in disk.Paths.Where(path => path.EndsWith(".sst", StringComparison.Ordinal)))
            {
                string content = Convert.ToHexString(disk.Get(path));
                Assert.Equal(content, seen.GetValueOrDefault(path, content));
                seen[path] = content;
            }
        }

        Assert.True(seen.Count > 6);
    }

    [Fact]
    public async Task Files_that_nothing_refers_to_are_removed_at_open_and_deleted_tables_go_at_once()
    {
        var disk = new MemoryDisk();
        var model = new TreeModel();
        await using (TreeLab lab = await TreeLab.OpenAsync(disk, model))
        {
            await lab.PutAsync("k", "v");
            await lab.Tree.FlushAsync(None);
        }

        disk.Put("tree/table-0000000000000999.sst", [1, 2, 3]);
        disk.Put("tree/MANIFEST.tmp", [1, 2, 3]);
        await using TreeLab again = await TreeLab.OpenAsync(disk, model);
        Assert.Equal(["tree/MANIFEST", "tree/table-0000000000000001.sst"], disk.Paths);
        await again.PutAsync("l", "v");
        await again.Tree.FlushAsync(None);
        Assert.Contains("tree/table-0000000000001000.sst", disk.Paths);
    }

    [Fact]
    public async Task A_cursor_keeps_its_tables_and_their_files_go_when_it_is_disposed()
    {
        var disk = new MemoryDisk();
        await using TreeLab lab = await TreeLab.OpenAsync(disk);
        await lab.PutAsync("a", "1");
        await lab.Tree.FlushAsync(None);
        await using (LsmCursor cursor = lab.Tree.OpenCursor(LsmRange.All, null))
        {
            await lab.PutAsync("a", "2");
            await lab.Tree.CompactAsync(LsmRange.All, None);
            await cursor.MoveToFirstAsync(None);
            Assert.Equal("1", TreeModel.Text(cursor.Value));
            Assert.Contains("tree/table-0000000000000001.sst", disk.Paths);
        }

        await UntilAsync(lab, () => lab.Tree.Statistics.TablesToDelete == 0 && !disk.Paths.Contains("tree/table-0000000000000001.sst"));
    }

    [Fact]
    public async Task A_missing_table_or_manifest_is_refused_and_named()
    {
        var disk = new MemoryDisk();
        var model = new TreeModel();
        await using (TreeLab lab = await TreeLab.OpenAsync(disk, model))
        {
            await lab.PutAsync("k", "v");
            await lab.Tree.FlushAsync(None);
        }

        MemoryDisk withoutTable = disk.Copy();
        withoutTable.Remove("tree/table-0000000000000001.sst");
        LsmCorruptException missing = await Assert.ThrowsAsync<LsmCorruptException>(() => TreeLab.OpenAsync(withoutTable, model));
        Assert.Equal("tree/table-0000000000000001.sst", missing.File);
        MemoryDisk withoutManifest = disk.Copy();
        withoutManifest.Remove("tree/MANIFEST");
        Assert.Equal("tree/MANIFEST", (await Assert.ThrowsAsync<LsmCorruptException>(() => TreeLab.OpenAsync(withoutManifest, model))).File);
    }

    [Fact]
    public async Task Limits_are_named_and_a_refused_batch_changes_nothing()
    {
        await using TreeLab lab = await TreeLab.OpenAsync(new MemoryDisk(), null, TreeLab.Tiny with { KeyBytesMax = 5, ValueBytesMax = 5, BatchBytesMax = 1024 });
        var batch = new WriteBatch();
        batch.Put("123456"u8, "1"u8);
        Assert.Contains("KeyBytesMax", (await Assert.ThrowsAsync<ArgumentException>(async () => await lab.Tree.ApplyAsync(batch, 1, None))).Message, StringComparison.Ordinal);
        batch.Clear();
        batch.Put("1"u8, "123456"u8);
        Assert.Contains("ValueBytesMax", (await Assert.ThrowsAsync<ArgumentException>(async () => await lab.Tree.ApplyAsync(batch, 1, None))).Message, StringComparison.Ordinal);
        Assert.Equal(0UL, lab.Tree.LastSequence);
        await lab.PutAsync("12345", "12345");
    }

    [Fact]
    public async Task Reads_and_writes_of_what_is_in_memory_end_at_once()
    {
        await using TreeLab lab = await TreeLab.OpenAsync(new MemoryDisk());
        var batch = new WriteBatch();
        batch.Put("k"u8, "v"u8);
        Task apply = lab.Tree.ApplyAsync(batch, 1, None).AsTask();
        Assert.True(apply.IsCompletedSuccessfully);
        Task<LsmValue> get = lab.Tree.GetAsync("k"u8.ToArray(), null, None).AsTask();
        Assert.True(get.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Reading_a_cached_key_and_applying_a_batch_allocate_next_to_nothing()
    {
        var disk = new MemoryDisk();
        await using TreeLab lab = await TreeLab.OpenAsync(disk, null, new LsmOptions());
        for (int i = 0; i < 100; i++)
        {
            await lab.PutAsync($"k{i:D3}", "value");
        }

        await lab.Tree.CompactAsync(LsmRange.All, None);
        byte[] key = TreeModel.Bytes("k050");
        var batch = new WriteBatch();
        ulong sequence = lab.Tree.LastSequence;
        long Measure()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
            {
                ValueTask<LsmValue> read = lab.Tree.GetAsync(key, null, None);
                Assert.True(read.IsCompletedSuccessfully);
                batch.Clear();
                batch.Put("other"u8, "value"u8);
                ValueTask apply = lab.Tree.ApplyAsync(batch, ++sequence, None);
                Assert.True(apply.IsCompletedSuccessfully);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Measure();

        // What remains are the chunks of the memtable. Without optimisation, each asynchronous method has an object of its own besides.
        const long PerPair =
#if DEBUG
            1500;
#else
            300;
#endif
        Assert.InRange(Measure(), 0, 1000 * PerPair);
    }

    private static async Task UntilAsync(TreeLab lab, Func<bool> condition)
    {
        // Each change of the tree is a reason to look again; the last one is the deletion itself.
        for (int i = 0; i < 10_000 && !condition(); i++)
        {
            await lab.GetAsync("a");
            await Task.Yield();
        }

        Assert.True(condition());
    }
}
