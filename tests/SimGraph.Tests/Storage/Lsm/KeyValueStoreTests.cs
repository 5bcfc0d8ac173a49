using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Log;
using SimGraph.Storage.Lsm;
using Xunit;

namespace SimGraph.Tests.Storage.Lsm;

public sealed class KeyValueStoreTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly KeyValueOptions Tiny = new()
    {
        Tree = TreeLab.Tiny with { RetryDelay = TimeSpan.FromMilliseconds(1) },
        Log = new WriteAheadLogOptions { SegmentBytesMax = 4 << 10 },
        GroupBytesMax = 1 << 10,
    };

    private static readonly KeyValueOptions Impatient = Tiny with { Tree = Tiny.Tree with { StallLimit = TimeSpan.FromMilliseconds(20) } };

    [Fact]
    public async Task What_many_writers_were_told_is_there_after_power_loss_and_the_log_stays_short()
    {
        var disk = new MemoryDisk();
        string?[] acknowledged = new string?[200];
        await using (Opened store = await Opened.OpenAsync(disk))
        {
            Task[] writers = [.. Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
            {
                for (int i = writer; i < 200; i += 8)
                {
                    await store.Store.PutAsync(Key(i), TreeModel.Bytes($"value {i} {new string('x', 100)}"), None);
                    acknowledged[i] = $"value {i} {new string('x', 100)}";
                    Assert.Equal(acknowledged[i], await store.GetAsync(i));
                    if (i % 3 == 0)
                    {
                        await store.Store.DeleteAsync(Key(i), None);
                        acknowledged[i] = null;
                    }
                }
            }))];
            await Task.WhenAll(writers);
            await store.Store.SyncAsync(None);
            await AssertHoldsAsync(store, acknowledged);
            MemoryDisk now = disk.LosePower(() => false);
            await using Opened afterPowerLoss = await Opened.OpenAsync(now);
            await AssertHoldsAsync(afterPowerLoss, acknowledged);
        }

        await using Opened again = await Opened.OpenAsync(disk.LosePower(() => false));
        await AssertHoldsAsync(again, acknowledged);
        Assert.InRange(disk.Paths.Count(path => path.StartsWith("wal/", StringComparison.Ordinal)), 1, 6);
    }

    [Fact]
    public async Task Whatever_call_the_machine_dies_at_what_was_acknowledged_is_there_and_batches_are_whole()
    {
        for (long call = 1; ; call += 1 + (call / 12))
        {
            var disk = new MemoryDisk { DieAt = call, DieAfterEffect = call % 2 == 0 };
            int acknowledged = 0;
            bool completed = false;
            try
            {
                await using Opened store = await Opened.OpenAsync(disk, Impatient);
                for (int i = 1; i <= 60; i++)
                {
                    await WriteAsync(store, Pair(i), disk);
                    acknowledged = i;
                }

                completed = true;
            }
            catch (Exception exception) when (exception is LsmException or WriteAheadLogException)
            {
            }

            foreach (bool keep in new[] { false, true })
            {
                await using Opened again = await Opened.OpenAsync(disk.LosePower(() => keep));
                string? left = await again.GetAsync("left");
                Assert.Equal(left, await again.GetAsync("right"));
                Assert.InRange(left is null ? 0 : int.Parse(left[..3], null), acknowledged, acknowledged + 1);
                await again.Store.WriteAsync(Pair(99), None);
                Assert.StartsWith("099", await again.GetAsync("left"), StringComparison.Ordinal);
            }

            if (completed)
            {
                Assert.InRange(call, 50, 100_000);
                return;
            }
        }
    }

    [Fact]
    public async Task Writes_that_race_a_stop_are_durable_or_refused_and_none_hangs()
    {
        for (int round = 0; round < 20; round++)
        {
            var disk = new MemoryDisk();
            bool[] acknowledged = new bool[400];
            int count = 0;
            await using (Opened store = await Opened.OpenAsync(disk))
            {
                Task[] writers = [.. Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
                {
                    try
                    {
                        for (int i = writer; i < acknowledged.Length; i += 4)
                        {
                            await store.Store.PutAsync(Key(i), "v"u8.ToArray(), None);
                            acknowledged[i] = true;
                            Interlocked.Increment(ref count);
                        }
                    }
                    catch (LsmClosedException)
                    {
                    }
                }))];
                while (Volatile.Read(ref count) < round * 3)
                {
                    await Task.Yield();
                }

                await Task.WhenAll([store.Store.StopAsync(), store.Store.StopAsync(), .. writers]);
            }

            await using Opened again = await Opened.OpenAsync(disk.LosePower(() => false));
            for (int i = 0; i < acknowledged.Length; i++)
            {
                Assert.Equal(acknowledged[i], await again.GetAsync(i) is not null);
            }
        }
    }

    [Fact]
    public async Task A_log_that_is_not_the_trees_is_refused()
    {
        var disk = new MemoryDisk();
        await using (Opened store = await Opened.OpenAsync(disk))
        {
            await store.Store.PutAsync(Key(1), "v"u8.ToArray(), None);
            await store.Store.Tree.FlushAsync(None);
        }

        foreach (string path in disk.Paths.Where(path => path.StartsWith("wal/", StringComparison.Ordinal)).ToArray())
        {
            disk.Remove(path);
        }

        LsmCorruptException refused = await Assert.ThrowsAsync<LsmCorruptException>(() => Opened.OpenAsync(disk));
        Assert.Contains("do not belong together", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, disk.OpenFiles);
    }

    // A loaded machine stalls too, and is not a dead disk.
    private static async Task WriteAsync(Opened store, WriteBatch batch, MemoryDisk disk)
    {
        while (true)
        {
            try
            {
                await store.Store.WriteAsync(batch, None);
                return;
            }
            catch (LsmStalledException) when (disk.Calls < disk.DieAt)
            {
            }
        }
    }

    private static byte[] Key(int number) => TreeModel.Bytes($"k{number:D3}");

    private static WriteBatch Pair(int number)
    {
        var batch = new WriteBatch();
        byte[] value = TreeModel.Bytes($"{number:D3} {new string('x', 120)}");
        batch.Put("left"u8, value);
        batch.Put("right"u8, value);
        return batch;
    }

    private static async Task AssertHoldsAsync(Opened store, string?[] expected)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal((i, expected[i]), (i, await store.GetAsync(i)));
        }
    }

    private sealed class Opened : IAsyncDisposable
    {
        private Opened(MemoryDisk disk, TaskScope owner, KeyValueStore store)
        {
            Disk = disk;
            Owner = owner;
            Store = store;
        }

        public KeyValueStore Store { get; }

        private MemoryDisk Disk { get; }

        private TaskScope Owner { get; }

        public static async Task<Opened> OpenAsync(MemoryDisk disk, KeyValueOptions? options = null)
        {
            var platform = new StoragePlatform(disk);
            var owner = new TaskScope(platform.Tasks, "test");
            return new Opened(disk, owner, await KeyValueStore.OpenAsync(platform, owner, options ?? Tiny, None));
        }

        public Task<string?> GetAsync(int number) => GetAsync($"k{number:D3}");

        public async Task<string?> GetAsync(string key)
        {
            LsmValue value = await Store.GetAsync(TreeModel.Bytes(key), null, None);
            return value.Found ? TreeModel.Text(value.Value) : null;
        }

        public async ValueTask DisposeAsync()
        {
            await Store.StopAsync();
            Assert.Empty(Owner.SnapshotAlive());
            Assert.Null(Owner.FirstFailure);
            Assert.Equal(0, Disk.OpenFiles);
            await Owner.StopAsync();
        }
    }
}
