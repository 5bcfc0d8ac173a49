using SimGraph.Runtime.Disk;
using SimGraph.Storage.Log;
using SimGraph.Storage.Snapshots;
using Xunit;

namespace SimGraph.Tests.Storage;

public sealed class SnapshotStoreTests
{
    private static StoredSnapshot Snapshot(ulong index, int bytes = 100) =>
        new(new LogPosition(index, index / 10), Enumerable.Range(0, bytes).Select(i => (byte)(i * 7 + (int)index)).ToArray());

    private static string PathOf(ulong index) => $"snapshots/snapshot-{index:D20}.snap";

    private static async Task<SnapshotStore> OpenAsync(IDisk disk, SnapshotStoreOptions? options = null)
    {
        try
        {
            return await SnapshotStore.OpenAsync(new StoragePlatform(disk), options ?? new SnapshotStoreOptions(), CancellationToken.None);
        }
        finally
        {
            Assert.Equal(0, (disk as MemoryDisk)?.OpenFiles ?? 0);
        }
    }

    private static void AssertEqual(StoredSnapshot? expected, StoredSnapshot? found)
    {
        Assert.Equal(expected?.Position, found?.Position);
        Assert.Equal(expected?.Data.ToArray(), found?.Data.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(9 << 20)]
    public async Task A_saved_snapshot_is_the_latest_now_and_after_power_loss_and_is_the_only_file(int bytes)
    {
        var disk = new MemoryDisk();
        SnapshotStore store = await OpenAsync(disk);
        Assert.Null(store.Latest);
        await store.SaveAsync(Snapshot(10), CancellationToken.None);
        await store.SaveAsync(Snapshot(25, bytes), CancellationToken.None);
        AssertEqual(Snapshot(25, bytes), store.Latest);
        Assert.Equal([PathOf(25)], disk.Paths);
        Assert.Equal(0, disk.OpenFiles);
        AssertEqual(Snapshot(25, bytes), (await OpenAsync(disk.LosePower(() => false))).Latest);
        AssertEqual(Snapshot(25, bytes), (await OpenAsync(disk.LosePower(() => true))).Latest);
    }

    [Fact]
    public async Task A_snapshot_that_is_not_newer_than_the_latest_changes_nothing()
    {
        var disk = new MemoryDisk();
        SnapshotStore store = await OpenAsync(disk);
        await store.SaveAsync(Snapshot(25), CancellationToken.None);
        long writes = disk.Writes;
        await store.SaveAsync(Snapshot(10), CancellationToken.None);
        await store.SaveAsync(Snapshot(25), CancellationToken.None);
        Assert.Equal(writes, disk.Writes);
        AssertEqual(Snapshot(25), (await OpenAsync(disk)).Latest);
    }

    [Fact]
    public async Task Saves_that_run_together_end_with_the_newest()
    {
        var disk = new MemoryDisk();
        SnapshotStore store = await OpenAsync(disk);
        ulong[] indexes = [30, 10, 50, 20, 40];
        await Task.WhenAll([.. indexes.Select(index => Task.Run(() => store.SaveAsync(Snapshot(index), CancellationToken.None)))]);
        AssertEqual(Snapshot(50), store.Latest);
        Assert.Equal([PathOf(50)], disk.Paths);
    }

    [Fact]
    public async Task After_a_crash_at_any_disk_call_the_newest_acknowledged_snapshot_or_a_newer_one_is_there()
    {
        StoredSnapshot[] snapshots = [Snapshot(10), Snapshot(20, 200), Snapshot(30)];
        for (long call = 1; ; call++)
        {
            for (int seed = 0; seed < 10; seed++)
            {
                var disk = new MemoryDisk { DieAt = call, DieAfterEffect = seed % 2 == 0 };
                int acknowledged = await SaveAllAsync(disk, snapshots);
                var random = new Random(seed);
                MemoryDisk left = disk.LosePower(() => seed < 2 ? seed == 0 : random.Next(2) == 0);
                SnapshotStore store = await OpenAsync(left);
                AssertOneOf(store, snapshots, acknowledged);
                Assert.DoesNotContain(left.Paths, path => path.EndsWith(".tmp", StringComparison.Ordinal));
                Assert.True(left.Paths.Count <= 1);
                AssertEqual(store.Latest, (await OpenAsync(left.LosePower(() => false))).Latest);
                if (acknowledged == snapshots.Length && call > 100)
                {
                    return;
                }
            }
        }
    }

    [Fact]
    public async Task After_a_failure_of_any_disk_call_the_latest_snapshot_is_one_that_is_durable()
    {
        StoredSnapshot[] snapshots = [Snapshot(10), Snapshot(20, 200), Snapshot(30)];
        for (long call = 1; call < 100; call++)
        {
            var disk = new MemoryDisk { FailAt = call };
            try
            {
                SnapshotStore store = await OpenAsync(disk);
                foreach (StoredSnapshot snapshot in snapshots)
                {
                    try
                    {
                        await store.SaveAsync(snapshot, CancellationToken.None);
                        AssertEqual(snapshot, store.Latest);
                    }
                    catch (SnapshotStoreException)
                    {
                        Assert.NotEqual(snapshot.Position, store.Latest?.Position);
                    }

                    Assert.Equal(0, disk.OpenFiles);
                    StoredSnapshot? survivor = (await OpenAsync(disk.LosePower(() => false))).Latest;
                    Assert.True((survivor?.Position.Index ?? 0) >= (store.Latest?.Position.Index ?? 0));
                }
            }
            catch (SnapshotStoreException)
            {
                Assert.Equal(0, disk.OpenFiles);
            }
        }
    }

    [Fact]
    public async Task After_a_failed_flush_of_the_folder_nothing_more_is_saved()
    {
        var disk = new MemoryDisk();
        SnapshotStore store = await OpenAsync(disk);
        disk.FailAt = disk.Calls + 7;
        await Assert.ThrowsAsync<SnapshotStoreException>(() => store.SaveAsync(Snapshot(10), CancellationToken.None));
        Assert.Contains(PathOf(10), disk.Paths);
        await Assert.ThrowsAsync<SnapshotStoreException>(() => store.SaveAsync(Snapshot(20), CancellationToken.None));
        Assert.Null(store.Latest);
    }

    [Fact]
    public async Task A_snapshot_that_a_new_process_finds_is_made_durable_before_it_is_handed_out()
    {
        var disk = new MemoryDisk();
        SnapshotStore store = await OpenAsync(disk);
        await store.SaveAsync(Snapshot(10), CancellationToken.None);
        disk.FailAt = disk.Calls + 7;
        await Assert.ThrowsAsync<SnapshotStoreException>(() => store.SaveAsync(Snapshot(20), CancellationToken.None));
        AssertEqual(Snapshot(20), (await OpenAsync(disk.RestartProcess())).Latest);
        AssertEqual(Snapshot(20), (await OpenAsync(disk.LosePower(() => false))).Latest);
    }

    [Fact]
    public async Task A_full_disk_fails_one_save_and_leaves_the_store_usable()
    {
        var disk = new MemoryDisk();
        SnapshotStore store = await OpenAsync(disk);
        disk.FailAt = disk.Calls + 4;
        await Assert.ThrowsAsync<SnapshotStoreException>(() => store.SaveAsync(Snapshot(10), CancellationToken.None));
        Assert.Empty(disk.Paths);
        await store.SaveAsync(Snapshot(20), CancellationToken.None);
        AssertEqual(Snapshot(20), (await OpenAsync(disk)).Latest);
    }

    [Fact]
    public async Task A_cancelled_save_leaves_nothing_behind()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var disk = new MemoryDisk();
        SnapshotStore store = await OpenAsync(disk);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.SaveAsync(Snapshot(10), cancelled.Token));
        Assert.Null(store.Latest);
        Assert.Empty(disk.Paths);
    }

    [Fact]
    public async Task Any_flipped_or_missing_byte_of_the_newest_snapshot_is_refused_with_the_file_and_the_reason()
    {
        var disk = new MemoryDisk();
        await (await OpenAsync(disk)).SaveAsync(Snapshot(20), CancellationToken.None);
        byte[] good = disk.Get(PathOf(20));

        // An older one beside it must not be taken.
        var older = new MemoryDisk();
        await (await OpenAsync(older)).SaveAsync(Snapshot(10), CancellationToken.None);
        disk.Put(PathOf(10), older.Get(PathOf(10)));
        for (int offset = 0; offset < good.Length; offset++)
        {
            byte[] flipped = [.. good];
            flipped[offset] ^= 0x10;
            foreach (byte[] bytes in (byte[][])[flipped, good[..offset], [.. good[..offset], .. good[(offset + 1)..]]])
            {
                MemoryDisk damaged = disk.Copy();
                damaged.Put(PathOf(20), bytes);
                SnapshotCorruptException refusal = await Assert.ThrowsAsync<SnapshotCorruptException>(() => OpenAsync(damaged));
                Assert.Equal(PathOf(20), refusal.File);
                Assert.Contains(refusal.Reason, refusal.Message, StringComparison.Ordinal);
                Assert.Equal(2, damaged.Paths.Count);
            }
        }
    }

    [Fact]
    public async Task A_snapshot_under_the_name_of_another_index_is_refused()
    {
        var disk = new MemoryDisk();
        await (await OpenAsync(disk)).SaveAsync(Snapshot(20), CancellationToken.None);
        disk.Put(PathOf(21), disk.Get(PathOf(20)));
        await Assert.ThrowsAsync<SnapshotCorruptException>(() => OpenAsync(disk));
    }

    [Fact]
    public async Task A_snapshot_beyond_the_limit_is_refused_on_save_and_on_open()
    {
        var options = new SnapshotStoreOptions { SnapshotBytesMax = 99 };
        var disk = new MemoryDisk();
        SnapshotStore small = await OpenAsync(disk, options);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => small.SaveAsync(Snapshot(10), CancellationToken.None));
        await (await OpenAsync(disk)).SaveAsync(Snapshot(10), CancellationToken.None);
        SnapshotCorruptException refusal = await Assert.ThrowsAsync<SnapshotCorruptException>(() => OpenAsync(disk, options));
        Assert.Contains("SnapshotBytesMax", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Foreign_files_in_the_folder_are_left_alone()
    {
        MemoryDisk disk = MemoryDisk.Holding("snapshots/readme.txt", [1]);
        disk.Put("snapshots/snapshot-5.snap", [2]);
        SnapshotStore store = await OpenAsync(disk);
        await store.SaveAsync(Snapshot(10), CancellationToken.None);
        Assert.Equal(3, disk.Paths.Count);
    }

    private static async Task<int> SaveAllAsync(MemoryDisk disk, StoredSnapshot[] snapshots)
    {
        int acknowledged = 0;
        try
        {
            SnapshotStore store = await OpenAsync(disk);
            foreach (StoredSnapshot snapshot in snapshots)
            {
                await store.SaveAsync(snapshot, CancellationToken.None);
                acknowledged++;
            }
        }
        catch (SnapshotStoreException)
        {
        }

        return acknowledged;
    }

    private static void AssertOneOf(SnapshotStore store, StoredSnapshot[] snapshots, int acknowledged)
    {
        int found = Array.FindIndex(snapshots, snapshot => snapshot.Position == store.Latest?.Position);
        Assert.True(found + 1 >= acknowledged, $"snapshot {acknowledged} was acknowledged, {found + 1} was found");
        AssertEqual(found < 0 ? null : snapshots[found], store.Latest);
    }
}
