using SimGraph.Coyote.Tests.Engine;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Lsm;
using Xunit;

namespace SimGraph.Coyote.Tests.Scenarios;

/// <summary>Writes, flushes, reads and statistics of a tree race each other and a stop. Nothing hangs, nothing is seen half, nothing stays open.</summary>
public sealed class LsmTreeScenarios
{
    private const int Schedules = 30;
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly LsmOptions Options = new() { MemtableBytes = 1 << 10, ImmutableMemtablesMax = 1, LevelZeroCompactionTables = 2, LevelZeroStallTables = 3 };

    [Fact]
    public void Writes_race_a_flush_and_a_stop() => FineLane.Explore("lsm apply against flush against stop", Schedules, async () =>
    {
        var machine = new FineLanePlatform("m", new FineLaneClock(), new FineLaneNetwork());
        var scope = new TaskScope(machine.Tasks, "test");
        LsmTree tree = await LsmTree.OpenAsync(machine, scope, Options, None);
        Task<ulong> writer = Task.Run(() => WriteAsync(tree, 3));
        Task flush = Task.Run(() => EndsAsync(() => tree.FlushAsync(None)));
        Task stop = Task.Run(tree.StopAsync);
        ulong applied = await writer;
        await flush;
        await stop;
        await tree.StopAsync();
        await scope.StopAsync();
        Assert.Equal(0, machine.Files.OpenFiles);
        Assert.Equal(applied, tree.LastSequence);
        await using var again = new TaskScope(machine.Tasks, "again");
        LsmTree reopened = await LsmTree.OpenAsync(machine, again, Options, None);
        Assert.InRange(reopened.LastSequence, tree.DurableSequence, applied);
        await AssertHoldsAsync(reopened, reopened.DurableSequence);
        await reopened.StopAsync();
        Assert.Equal(0, machine.Files.OpenFiles);
    });

    [Fact]
    public void A_reader_never_sees_half_a_batch() => FineLane.Explore("lsm reader against writer", Schedules, async () =>
    {
        var machine = new FineLanePlatform("m", new FineLaneClock(), new FineLaneNetwork());
        await using var scope = new TaskScope(machine.Tasks, "test");
        LsmTree tree = await LsmTree.OpenAsync(machine, scope, Options, None);
        Task<ulong> writer = Task.Run(() => WriteAsync(tree, 3));
        Task reader = Task.Run(async () =>
        {
            for (int i = 0; i < 2; i++)
            {
                using LsmSnapshot snapshot = tree.TakeSnapshot();
                await AssertHoldsAsync(tree, snapshot.Sequence, snapshot);
            }
        });
        Task scanner = Task.Run(async () =>
        {
            await using LsmCursor cursor = tree.OpenCursor(LsmRange.All, null);
            await cursor.MoveToFirstAsync(None);
            Assert.Equal(cursor.Sequence > 0, cursor.IsValid);
            if (cursor.IsValid)
            {
                Assert.Equal((byte)cursor.Sequence, cursor.Value.Span[0]);
                await cursor.MoveNextAsync(None);
                Assert.Equal((byte)cursor.Sequence, cursor.Value.Span[0]);
            }
        });
        Assert.Equal(3UL, await writer);
        await reader;
        await scanner;
        await AssertHoldsAsync(tree, 3);
        await tree.StopAsync();
        Assert.Equal(0, machine.Files.OpenFiles);
    });

    [Fact]
    public void Statistics_do_not_stand_in_the_way_of_flushes() => FineLane.Explore("lsm statistics against flush", Schedules, async () =>
    {
        var machine = new FineLanePlatform("m", new FineLaneClock(), new FineLaneNetwork());
        await using var scope = new TaskScope(machine.Tasks, "test");
        LsmTree tree = await LsmTree.OpenAsync(machine, scope, Options, None);
        Task<ulong> writer = Task.Run(() => WriteAsync(tree, 2));
        Task flush = Task.Run(() => tree.FlushAsync(None));
        Task watcher = Task.Run(() =>
        {
            for (int i = 0; i < 3; i++)
            {
                Assert.True(tree.Statistics.ImmutableMemtables <= Options.ImmutableMemtablesMax);
            }
        });
        await writer;
        await flush;
        await watcher;
        await tree.StopAsync();
    });

    [Fact]
    public void Writers_of_a_store_race_its_stop() => FineLane.Explore("kv writers against stop", Schedules / 2, async () =>
    {
        var machine = new FineLanePlatform("m", new FineLaneClock(), new FineLaneNetwork());
        var scope = new TaskScope(machine.Tasks, "test");
        KeyValueStore store = await KeyValueStore.OpenAsync(machine, scope, new KeyValueOptions { Tree = Options, QueueLengthMax = 1 }, None);
        Task<bool>[] writers = [.. Enumerable.Range(1, 3).Select(i => Task.Run(() => EndsAsync(
            () => store.PutAsync(new byte[] { (byte)i }, new byte[] { (byte)i }, None))))];
        Task stop = Task.Run(store.StopAsync);
        bool[] acknowledged = await Task.WhenAll(writers);
        await stop;
        await scope.StopAsync();
        Assert.Equal(0, machine.Files.OpenFiles);
        await using var again = new TaskScope(machine.Tasks, "again");
        KeyValueStore reopened = await KeyValueStore.OpenAsync(machine, again, new KeyValueOptions { Tree = Options }, None);
        for (int i = 1; i <= 3; i++)
        {
            Assert.Equal(acknowledged[i - 1], (await reopened.GetAsync(new byte[] { (byte)i }, null, None)).Found);
        }

        await reopened.StopAsync();
    });

    // Each batch writes both keys, so that whoever sees one without the other has seen half of it.
    private static async Task<ulong> WriteAsync(LsmTree tree, int count)
    {
        var batch = new WriteBatch();
        for (int i = 1; i <= count; i++)
        {
            batch.Clear();
            byte[] value = new byte[600];
            value[0] = (byte)i;
            batch.Put("left"u8, value);
            batch.Put("right"u8, value);
            if (!await EndsAsync(async () => await tree.ApplyAsync(batch, (ulong)i, None)))
            {
                return (ulong)i - 1;
            }
        }

        return (ulong)count;
    }

    private static async Task<bool> EndsAsync(Func<Task> action)
    {
        try
        {
            await action();
            return true;
        }
        catch (LsmClosedException)
        {
            return false;
        }
    }

    private static async Task AssertHoldsAsync(LsmTree tree, ulong sequence, LsmSnapshot? at = null)
    {
        LsmValue left = await tree.GetAsync("left"u8.ToArray(), at, None);
        LsmValue right = await tree.GetAsync("right"u8.ToArray(), at, None);
        Assert.Equal(sequence > 0, left.Found);
        Assert.Equal(sequence > 0, right.Found);
        if (sequence > 0)
        {
            Assert.Equal((byte)sequence, left.Value.Span[0]);
            Assert.Equal((byte)sequence, right.Value.Span[0]);
        }
    }
}
