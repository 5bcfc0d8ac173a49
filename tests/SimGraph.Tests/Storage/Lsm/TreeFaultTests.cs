using SimGraph.Runtime.Disk;
using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Lsm;
using SimGraph.Tests.Simulation;
using Xunit;

namespace SimGraph.Tests.Storage.Lsm;

public sealed class TreeFaultTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly LsmOptions Patient = TreeLab.Tiny with { RetryDelay = TimeSpan.FromMilliseconds(1) };
    private static readonly LsmOptions Small = Patient with { StallLimit = TimeSpan.FromMilliseconds(20) };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whatever_call_the_machine_dies_at_a_restart_finds_everything(bool afterEffect)
    {
        int opened = 0;
        for (long call = 1; ; call += 1 + (call / 12))
        {
            var disk = new MemoryDisk { DieAt = call, DieAfterEffect = afterEffect };
            var model = new TreeModel();
            bool completed = await LiveAsync(disk, model);
            foreach (int coin in new[] { 0, 1, 2 })
            {
                var chance = new Random((int)call);
                MemoryDisk left = disk.LosePower(() => coin == 0 ? false : coin == 1 || chance.Next(2) == 0);
                await using TreeLab lab = await TreeLab.OpenAsync(left, model);
                await lab.AssertEqualsModelAsync();
                await lab.AssertIsSoundAsync();
                await lab.PutAsync("after", "the crash");
                await lab.Tree.CompactAsync(LsmRange.All, None);
                await lab.AssertEqualsModelAsync();
                opened++;
            }

            if (completed)
            {
                Assert.InRange(opened, 60, 10_000);
                return;
            }
        }
    }

    [Fact]
    public async Task Whatever_call_fails_once_the_tree_goes_on_or_refuses_and_loses_nothing()
    {
        for (long call = 1; ; call += 1 + (call / 12))
        {
            var disk = new MemoryDisk { FailAt = call };
            var model = new TreeModel();
            bool completed = await LiveAsync(disk, model);
            disk.RestartProcess();
            await using (TreeLab lab = await TreeLab.OpenAsync(disk.LosePower(() => false), model))
            {
                await lab.AssertEqualsModelAsync();
                await lab.AssertIsSoundAsync();
            }

            if (completed && call > disk.Calls)
            {
                Assert.InRange(call, 100, 100_000);
                return;
            }
        }
    }

    [Fact]
    public async Task A_read_that_fails_in_a_compaction_aborts_it_and_loses_nothing()
    {
        var disk = new FaultyReads();
        await using TreeLab lab = await TreeLab.OpenAsync(disk, null, Patient with { TablesOpenMax = 1, BlockCacheBytes = 0 });
        for (int i = 0; i < 120; i++)
        {
            await lab.PutAsync($"k{i % 40:D2}", $"{i} {new string('x', 40)}");
        }

        await lab.Tree.FlushAsync(None);
        disk.Failing = true;
        LsmException failure = await Assert.ThrowsAsync<LsmException>(() => lab.Tree.CompactAsync(LsmRange.All, None));
        Assert.Contains("a compaction of the tree in 'tree' failed", failure.Message, StringComparison.Ordinal);
        disk.Failing = false;
        await lab.AssertEqualsModelAsync();
        await lab.Tree.CompactAsync(LsmRange.All, None);
        await lab.AssertEqualsModelAsync();
        await lab.AssertIsSoundAsync();
        Assert.True(((StoragePlatform)lab.Platform).WasReached("lsm.compaction-failed"));
        Assert.Equal(lab.Model.Now.Count, lab.Tree.Statistics.Levels.Sum(level => level.Entries));
    }

    [Fact]
    public async Task Who_asks_for_a_compaction_while_the_disk_refuses_the_edit_of_another_is_told()
    {
        var disk = new FaultyReads();
        await using TreeLab lab = await TreeLab.OpenAsync(disk, null, Patient with { LevelZeroCompactionTables = 100, LevelZeroStallTables = 200 });
        await lab.PutAsync("k", "v");
        await lab.Tree.FlushAsync(None);
        disk.RefusesManifests = true;
        for (int i = 0; i < 3; i++)
        {
            // From the second on the worker is already busy with the first one's edit, which it tries again and again.
            LsmException failure = await Assert.ThrowsAsync<LsmException>(() => lab.Tree.CompactAsync(LsmRange.All, None));
            Assert.Contains("injected failure", failure.Message, StringComparison.Ordinal);
        }

        disk.RefusesManifests = false;
        await lab.CompactAsync();
        await lab.AssertEqualsModelAsync();
    }

    /// <summary>A flush of a folder that fails forgets every name that is not durable yet, also those that another has just made.</summary>
    [Fact]
    public async Task A_flush_of_the_folder_waits_for_the_one_before_and_does_not_succeed_behind_one_that_failed()
    {
        var disk = new FaultyReads();
        await using TreeLab lab = await TreeLab.OpenAsync(disk, null, Patient with { LevelZeroCompactionTables = 100, LevelZeroStallTables = 200 });
        for (int i = 0; i < 2; i++)
        {
            await lab.PutAsync("k", $"{i}");
            await lab.Tree.FlushAsync(None);
        }

        TaskCompletionSource gate = disk.FolderGate = MemoryDisk.NewSignal();
        Task compact = lab.Tree.CompactAsync(LsmRange.All, None);
        await disk.FolderEntered.Task;
        await lab.PutAsync("k", "2");
        Task flush = lab.Tree.FlushAsync(None);
        await disk.FileFlushed.Task;
        Assert.Equal(1, disk.FolderFlushesHeld);
        gate.SetException(new DiskException(DiskError.InputOutput, "tree", "injected failure"));
        await Assert.ThrowsAsync<LsmFailedException>(() => flush);
        await Assert.ThrowsAsync<LsmFailedException>(() => compact);
        Assert.Equal(1, disk.FolderFlushesHeld);
    }

    [Fact]
    public async Task A_full_disk_stalls_writes_with_a_reason_and_they_go_on_when_space_returns()
    {
        var disk = new FaultyReads();
        await using TreeLab lab = await TreeLab.OpenAsync(disk, null, Small with { StallLimit = TimeSpan.FromMilliseconds(500) });
        await lab.PutAsync("k", "v");
        disk.Full = true;
        var batch = new WriteBatch();
        batch.Put("filler"u8, new byte[900]);
        LsmStalledException? stalled = null;
        for (int i = 0; stalled is null; i++)
        {
            Assert.InRange(i, 0, 50);
            ulong before = lab.Tree.LastSequence;
            try
            {
                await lab.Tree.ApplyAsync(batch, before + 1, None);
            }
            catch (LsmStalledException exception)
            {
                stalled = exception;
                Assert.Equal(before, lab.Tree.LastSequence);
            }
        }

        Assert.Contains("no space", stalled.Message, StringComparison.Ordinal);
        Assert.True(lab.Tree.Statistics.Stalls.Count > 0 && lab.Tree.Statistics.FailedAttempts > 0);
        Assert.Equal(1, lab.Tree.Statistics.Stalls.Histogram.Sum());
        disk.Full = false;
        for (int i = 0; i < 20; i++)
        {
            await ApplyUntilThereIsRoomAsync(lab.Tree, batch);
        }

        await lab.Tree.FlushAsync(None);
        Assert.Equal("v", await lab.GetAsync("k"));
        await lab.AssertIsSoundAsync();
    }

    [Fact]
    public void Under_disk_faults_of_every_kind_a_restarted_tree_holds_what_its_log_says()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            RunResult result = Worlds.Run(seed, async (world, _) =>
            {
                Machine machine = world.AddMachine("m", new MachineOptions
                {
                    Disk = new DiskFaultOptions
                    {
                        ReadErrorPartsPerMillion = 3_000, WriteErrorPartsPerMillion = 5_000, FailedFlushPartsPerMillion = 5_000,
                        FullPartsPerMillion = 3_000, MetadataErrorPartsPerMillion = 2_000, FailedDirectoryFlushPartsPerMillion = 1_000,
                    },
                });
                var model = new TreeModel();
                for (int life = 0; life < 12; life++)
                {
                    ProcessExit exit = await machine.Boot((platform, _) => LiveUnderFaultsAsync(platform, model, life)).Exited;
                    Assert.Equal(ProcessExitKind.Returned, exit.Kind);
                    machine.PowerLoss();
                }
            });
            Assert.True(result.Violation is null, $"seed {seed}: {result.Violation}");
        }
    }

    private static async Task LiveUnderFaultsAsync(SimGraph.Runtime.IPlatform platform, TreeModel model, int life)
    {
        try
        {
            await using TreeLab lab = await TreeLab.OpenAsync(platform, model);
            await lab.AssertEqualsModelAsync();
            for (int i = 0; i < 40; i++)
            {
                await StepAsync(lab, i + (life * 3));
            }
        }
        catch (Exception exception) when (exception is (LsmException and not LsmCorruptException) or DiskException)
        {
        }
    }

    // A life with everything in it. False when the disk ended it.
    private static async Task<bool> LiveAsync(MemoryDisk disk, TreeModel model)
    {
        try
        {
            await using TreeLab lab = await TreeLab.OpenAsync(disk, model, Small);
            for (int i = 0; i < 30; i++)
            {
                await StepAsync(lab, i);
            }

            await lab.FlushAsync();
            return true;
        }
        catch (Exception exception) when (exception is LsmException or DiskException)
        {
            return false;
        }
    }

    private static async Task StepAsync(TreeLab lab, int i)
    {
        await lab.ApplyAsync(
            [.. Enumerable.Range(0, 8).Select(n => new TreeChange($"k{((i * 7) + (n * 5)) % 50:D2}", $"{i} {new string('x', n * 9)}"))]);
        if (i % 9 == 4)
        {
            await lab.DeleteRangeAsync($"k{i % 50:D2}", $"k{(i % 50) + 6:D2}");
        }

        if (i % 13 == 7)
        {
            await lab.FlushAsync();
        }

        if (i % 25 == 20)
        {
            await lab.CompactAsync();
        }

        Assert.Equal(lab.Model.Now.GetValueOrDefault("k07"), await lab.GetAsync("k07"));
    }

    private static async Task ApplyUntilThereIsRoomAsync(LsmTree tree, WriteBatch batch)
    {
        while (true)
        {
            try
            {
                await tree.ApplyAsync(batch, tree.LastSequence + 1, None);
                return;
            }
            catch (LsmStalledException)
            {
            }
        }
    }
}
