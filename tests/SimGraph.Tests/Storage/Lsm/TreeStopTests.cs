using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Lsm;
using Xunit;

namespace SimGraph.Tests.Storage.Lsm;

public sealed class TreeStopTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Stopping_while_it_flushes_and_a_write_is_stalled_leaves_nothing_and_says_so()
    {
        var disk = new MemoryDisk();
        var model = new TreeModel();
        await using (TreeLab lab = await TreeLab.OpenAsync(disk, model))
        {
            TaskCompletionSource gate = disk.FlushGate = MemoryDisk.NewSignal();
            Task stalled = Task.CompletedTask;
            while (stalled.IsCompleted)
            {
                stalled = lab.PutAsync("k", new string('x', 500));
            }

            await disk.FlushEntered.Task;
            Task flush = lab.Tree.FlushAsync(None);
            Task compact = lab.Tree.CompactAsync(LsmRange.All, None);
            await using LsmCursor cursor = lab.Tree.OpenCursor(LsmRange.All, null);
            await cursor.MoveToFirstAsync(None);
            Task[] stops = [lab.Tree.StopAsync(), lab.Owner.StopAsync(), lab.Tree.StopAsync()];
            await Assert.ThrowsAsync<LsmClosedException>(() => stalled);
            await Assert.ThrowsAsync<LsmClosedException>(() => flush);
            await Assert.ThrowsAsync<LsmClosedException>(() => compact);
            Assert.False(stops[0].IsCompleted, "stop did not wait for the flush");
            gate.SetResult();
            await Task.WhenAll(stops);
            Assert.Equal(0, disk.OpenFiles);
            await Assert.ThrowsAsync<LsmClosedException>(async () => await cursor.MoveNextAsync(None));
            await Assert.ThrowsAsync<LsmClosedException>(async () => await cursor.MoveToFirstAsync(None));
            await Assert.ThrowsAsync<LsmClosedException>(async () => await lab.GetAsync("k"));
            await Assert.ThrowsAsync<LsmClosedException>(() => lab.Tree.FlushAsync(None));
            await Assert.ThrowsAsync<LsmClosedException>(() => lab.Tree.CompactAsync(LsmRange.All, None));
            await Assert.ThrowsAsync<LsmClosedException>(() => lab.Tree.VerifyAsync(None));
            await Assert.ThrowsAsync<LsmClosedException>(async () => await lab.Tree.ApplyAsync(new WriteBatch(), 9999, None));
            Assert.Throws<LsmClosedException>(() => lab.Tree.TakeSnapshot());
        }

        disk.FlushGate = null;
        await using TreeLab again = await TreeLab.OpenAsync(disk, model);
        await again.AssertEqualsModelAsync();
    }

    [Fact]
    public async Task Stopping_at_any_moment_of_reads_writes_and_compactions_leaves_nothing()
    {
        for (int round = 0; round < 25; round++)
        {
            var disk = new MemoryDisk();
            var model = new TreeModel();
            int applied = 0;
            await using (TreeLab lab = await TreeLab.OpenAsync(disk, model))
            {
                Task writer = Task.Run(() => UntilClosedAsync(async i =>
                {
                    await lab.PutAsync($"k{i % 60:D2}", $"{i} {new string('x', 60)}");
                    Interlocked.Increment(ref applied);
                }), None);
                Task[] others =
                [
                    Task.Run(() => UntilClosedAsync(async i => await lab.GetAsync($"k{i % 70:D2}")), None),
                    Task.Run(() => UntilClosedAsync(_ => ScanAsync(lab)), None),
                    Task.Run(() => UntilClosedAsync(_ => lab.Tree.CompactAsync(LsmRange.All, None)), None),
                    Task.Run(() => UntilClosedAsync(async _ => Assert.Empty((await lab.Tree.VerifyAsync(None)).Problems)), None),
                    Task.Run(() => UntilClosedAsync(_ =>
                    {
                        using LsmSnapshot snapshot = lab.Tree.TakeSnapshot();
                        Assert.True(lab.Tree.Statistics.Levels.Count > 0);
                        return Task.CompletedTask;
                    }), None),
                ];
                while (Volatile.Read(ref applied) < round * 8)
                {
                    await Task.Yield();
                }

                await lab.Tree.StopAsync();
                await Task.WhenAll([writer, .. others]);
            }

            await using TreeLab again = await TreeLab.OpenAsync(disk, model);
            await again.AssertEqualsModelAsync();
        }
    }

    private static async Task UntilClosedAsync(Func<int, Task> action)
    {
        try
        {
            for (int i = 0; ; i++)
            {
                await action(i);
                await Task.Yield();
            }
        }
        catch (LsmClosedException)
        {
        }
        catch (ScopeStoppedException)
        {
        }
    }

    private static async Task ScanAsync(TreeLab lab)
    {
        await using LsmCursor cursor = lab.Tree.OpenCursor(LsmRange.All, null);
        await cursor.MoveToFirstAsync(None);
        string last = "";
        while (cursor.IsValid)
        {
            string key = TreeModel.Text(cursor.Key);
            Assert.True(string.CompareOrdinal(last, key) < 0);
            last = key;
            if (!cursor.TryMoveNext())
            {
                await cursor.MoveNextAsync(None);
            }
        }
    }
}
