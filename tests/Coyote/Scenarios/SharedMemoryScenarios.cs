using SimGraph.Coyote.Tests.Engine;
using SimGraph.Replication.Node;
using SimGraph.Runtime.Concurrency;
using SimGraph.Storage.Lsm.Tables;
using SimGraph.Storage.Lsm.Tree;
using Xunit;

namespace SimGraph.Coyote.Tests.Scenarios;

/// <summary>Parts that several threads use without a lock, or with a lock on one side only.</summary>
public sealed class SharedMemoryScenarios
{
    private const int Schedules = 200;
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public void Blocks_are_taken_in_pushed_out_and_read_while_their_table_closes() => FineLane.Explore("block cache", Schedules, async () =>
    {
        const int Blocks = 6;
        var cache = new BlockCache(capacityBytes: 800);
        var shelf = new BlockShelf(cache, Blocks);
        TableBlock[] blocks = [.. Enumerable.Range(0, Blocks).Select(NewBlock)];
        Task[] users =
        [
            Task.Run(() => Add([0, 1, 2, 3, 4, 5])),
            Task.Run(() => Add([5, 4, 3, 2, 1, 0])),
            Task.Run(Read),
            Task.Run(shelf.Close),
        ];
        await Task.WhenAll(users);
        Assert.All(shelf.Places, Assert.Null);
        Assert.Equal(0, cache.Count);
        Assert.Equal(0, cache.Bytes);

        void Add(int[] order)
        {
            foreach (int index in order)
            {
                Assert.Same(blocks[index], shelf.Add(index, blocks[index]));
                Assert.InRange(cache.Bytes, 0, cache.CapacityBytes);
            }
        }

        void Read()
        {
            for (int index = 0; index < Blocks; index++)
            {
                TableBlock? found = shelf.Find(index);
                Assert.True(found is null || ReferenceEquals(found, blocks[index]), "a place holds the block of another");
            }
        }
    });

    [Fact]
    public void A_gate_is_closed_behind_the_last_one_inside() => FineLane.Explore("operation gate", Schedules, async () =>
    {
        var gate = new OperationGate();
        int inside = 0;
        Task[] visitors = [Task.Run(Visit), Task.Run(Visit), Task.Run(Visit)];
        Task other = Task.Run(gate.CloseAsync);
        await gate.CloseAsync();
        Assert.Equal(0, Volatile.Read(ref inside));
        Assert.False(gate.TryEnter());
        await other;
        await Task.WhenAll(visitors);

        void Visit()
        {
            if (gate.TryEnter())
            {
                Interlocked.Increment(ref inside);
                Interlocked.Decrement(ref inside);
                gate.Exit();
            }
        }
    });

    [Fact]
    public void No_change_falls_between_a_look_and_the_wait_for_it() => FineLane.Explore("change signal", Schedules, async () =>
    {
        const int Changes = 3;
        var changes = new ChangeSignal();
        int state = 0;
        Task raiser = Task.Run(() =>
        {
            for (int i = 0; i < Changes; i++)
            {
                Interlocked.Increment(ref state);
                changes.Raise();
            }
        });
        Task[] waiters = [Task.Run(WaitAsync), Task.Run(WaitAsync)];
        await raiser;
        await Task.WhenAll(waiters);

        async Task WaitAsync()
        {
            while (true)
            {
                long seen = changes.Count;
                if (Volatile.Read(ref state) == Changes)
                {
                    return;
                }

                await changes.WaitBeyondAsync(seen, None);
            }
        }
    });

    [Fact]
    public void A_tick_is_taken_though_the_inbox_is_full() => FineLane.Explore("replica inbox ticks", Schedules, async () =>
    {
        const int Ticks = 3;
        var inbox = new ReplicaInbox(capacity: 1);
        var taken = new AsyncSignal();
        Task ticker = Task.Run(async () =>
        {
            for (int i = 0; i < Ticks; i++)
            {
                inbox.PostTick();
                await taken.WaitAsync(None);
            }

            inbox.Close();
        });
        Task crowd = Task.Run(() =>
        {
            for (int i = 0; i < Ticks; i++)
            {
                inbox.TryPost(default);
            }
        });
        int ticks = 0;
        while (await inbox.WaitAsync(None))
        {
            while (inbox.TryReceive(out _))
            {
            }

            if (inbox.TakeTick())
            {
                ticks++;
                taken.Set();
            }
        }

        await ticker;
        await crowd;
        Assert.Equal(Ticks, ticks);
    });

    private static TableBlock NewBlock(int index) => new("t", index, [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0], 0, 12);
}
