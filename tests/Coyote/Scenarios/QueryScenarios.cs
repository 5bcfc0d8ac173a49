using SimGraph.Coyote.Tests.Engine;
using SimGraph.Query;
using SimGraph.Runtime.Tasks;
using Xunit;

namespace SimGraph.Coyote.Tests.Scenarios;

/// <summary>Pool, streams and feed while their stop races everything else. Work that nobody ends, a reader that waits in vain: a deadlock. What outlives a stop: a wrong count.</summary>
public sealed class QueryScenarios
{
    private const int Schedules = 100;
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public void A_tree_of_work_races_a_stop() => FineLane.Explore("pool work against stop", Schedules, async () =>
    {
        var machine = new FineLanePlatform("m", new FineLaneClock(), new FineLaneNetwork());
        var scope = new TaskScope(machine.Tasks, "test");
        var pool = new WorkerPool(machine, scope, new WorkerPoolOptions { Workers = 2, QueueMax = 1 });
        int running = 0;
        async Task WorkAsync(PoolWorker worker, int depth, CancellationToken token)
        {
            Interlocked.Increment(ref running);
            try
            {
                if (depth > 0)
                {
                    PoolWork left = await worker.SubmitAsync((other, inner) => WorkAsync(other, depth - 1, inner), token);
                    PoolWork right = await worker.SubmitAsync((other, inner) => WorkAsync(other, depth - 1, inner), token);
                    await worker.JoinAsync(left);
                    await worker.JoinAsync(right);
                }
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }

        Task<bool>[] clients =
        [
            Task.Run(() => EndsAsync(() => pool.RunAsync((worker, token) => WorkAsync(worker, 2, token), None))),
            Task.Run(() => EndsAsync(() => pool.RunAsync((worker, token) => WorkAsync(worker, 1, token), None))),
        ];
        Task<bool> stop = Task.Run(() => EndsAsync(pool.StopAsync));
        await pool.StopAsync();
        Assert.Equal(0, Volatile.Read(ref running));
        Assert.Empty(scope.SnapshotAlive());
        Assert.True(await stop);
        await Task.WhenAll(clients);
        await scope.StopAsync();
    });

    [Fact]
    public void Submissions_race_their_cancellation_and_each_other() => FineLane.Explore("pool submissions against cancel", Schedules, async () =>
    {
        var machine = new FineLanePlatform("m", new FineLaneClock(), new FineLaneNetwork());
        var scope = new TaskScope(machine.Tasks, "test");
        var pool = new WorkerPool(machine, scope, new WorkerPoolOptions { Workers = 1, QueueMax = 1 });
        var source = new CancellationTokenSource();
        int ran = 0;
        Task<bool> Client(CancellationToken token) => Task.Run(() => EndsAsync(() => pool.RunAsync(
            async (_, _) =>
            {
                await Task.Yield();
                Interlocked.Increment(ref ran);
            },
            token)));
        Task<bool>[] impatient = [Client(source.Token), Client(source.Token)];
        Task<bool>[] patient = [Client(None), Client(None)];
        Task cancel = Task.Run(source.Cancel);
        Assert.All(await Task.WhenAll(patient), Assert.True);
        int done = (await Task.WhenAll(impatient)).Count(static one => one);
        await cancel;
        await pool.StopAsync();
        Assert.InRange(ran, done + patient.Length, impatient.Length + patient.Length);
        await scope.StopAsync();
    });

    [Fact]
    public void A_pipeline_is_disposed_while_it_is_read() => FineLane.Explore("pipeline read against disposal", Schedules, async () =>
    {
        var machine = new FineLanePlatform("m", new FineLaneClock(), new FineLaneNetwork());
        var scope = new TaskScope(machine.Tasks, "test");
        bool ended = false;
        ResultStream<int> stream = ResultStream.Start<int>(
            scope,
            "numbers",
            async (writer, cancellation) =>
            {
                try
                {
                    for (int i = 1; i <= 3; i++)
                    {
                        await writer.WriteAsync(i, cancellation);
                    }
                }
                finally
                {
                    await Task.Yield();
                    Volatile.Write(ref ended, true);
                }
            },
            new StreamOptions { Capacity = 1 }).Map(static number => number * 2);
        Task<(int Read, bool IsWhole)> reader = Task.Run(() => ReadAsync(stream));
        Task other = Task.Run(async () => await stream.DisposeAsync());
        await stream.DisposeAsync();
        Assert.True(Volatile.Read(ref ended));
        Assert.Empty(scope.SnapshotAlive());
        (int read, bool isWhole) = await reader;
        Assert.True(!isWhole || read == 3, $"a part of {read} results looked whole");
        await other;
        await scope.StopAsync();
    });

    [Fact]
    public void A_parallel_stage_is_ended_by_its_owner() => FineLane.Explore("parallel stage against owner", Schedules / 2, async () =>
    {
        var machine = new FineLanePlatform("m", new FineLaneClock(), new FineLaneNetwork());
        var scope = new TaskScope(machine.Tasks, "test");
        var pool = new WorkerPool(machine, scope, new WorkerPoolOptions { Workers = 2, QueueMax = 1 });
        TaskScope owner = scope.CreateChild("owner");
        int running = 0;
        ResultStream<int> stream = ResultStream.Start<int>(
            owner,
            "numbers",
            async (writer, cancellation) =>
            {
                await writer.WriteAsync(1, cancellation);
                await writer.WriteAsync(2, cancellation);
            },
            new StreamOptions { Capacity = 1 }).MapParallel(pool, 1, async (number, _) =>
            {
                Interlocked.Increment(ref running);
                await Task.Yield();
                Interlocked.Decrement(ref running);
                return number;
            });
        Task<(int Read, bool IsWhole)> reader = Task.Run(() => ReadAsync(stream));
        await owner.StopAsync();
        Assert.Equal(0, Volatile.Read(ref running));
        (int read, bool isWhole) = await reader;
        Assert.True(!isWhole || read == 2, $"a part of {read} results looked whole");
        await stream.DisposeAsync();
        await scope.StopAsync();
    });

    [Fact]
    public void Publications_race_an_unsubscription() => FineLane.Explore("feed publication against unsubscription", Schedules, async () =>
    {
        var machine = new FineLanePlatform("m", new FineLaneClock(), new FineLaneNetwork());
        var scope = new TaskScope(machine.Tasks, "test");
        var feed = new ChangeFeed(machine, scope, 0, new ChangeFeedOptions { QueueMax = 1 });
        Task publisher = Task.Run(() =>
        {
            for (ulong index = 1; index <= 3; index++)
            {
                feed.Replaced(index);
            }
        });
        ulong cursor = 0;
        bool over = false;
        int running = 0;
        Subscription subscription = feed.Subscribe("s", async (notice, _) =>
        {
            Assert.False(Volatile.Read(ref over), "a notification began after the unsubscription had returned");
            Interlocked.Increment(ref running);
            ulong before = Volatile.Read(ref cursor);
            Assert.True(before == 0 || notice.First == before + 1, $"behind {before} came {notice}");
            Volatile.Write(ref cursor, notice.Last);
            await Task.Yield();
            Interlocked.Decrement(ref running);
        });
        await Task.Yield();
        await subscription.DisposeAsync();
        Volatile.Write(ref over, true);
        Assert.Equal(0, Volatile.Read(ref running));
        await publisher;
        Assert.Null(subscription.Failure);
        await feed.StopAsync();
        await scope.StopAsync();
    });

    [Fact]
    public void Subscriptions_race_the_stop_of_the_feed() => FineLane.Explore("feed subscription against stop", Schedules, async () =>
    {
        var machine = new FineLanePlatform("m", new FineLaneClock(), new FineLaneNetwork());
        var scope = new TaskScope(machine.Tasks, "test");
        var feed = new ChangeFeed(machine, scope, 0, new ChangeFeedOptions { QueueMax = 1 });
        Task<bool> subscriber = Task.Run(() => EndsAsync(async () =>
        {
            Subscription subscription = feed.Subscribe("s", static async (_, _) => await Task.Yield());
            feed.Replaced(1);
            await subscription.DisposeAsync();
        }));
        Task stop = Task.Run(feed.StopAsync);
        await feed.StopAsync();
        Assert.Empty(scope.SnapshotAlive());
        await subscriber;
        await stop;
        await scope.StopAsync();
    });

    private static async Task<(int Read, bool IsWhole)> ReadAsync(ResultStream<int> stream)
    {
        int read = 0;
        try
        {
            while (await stream.WaitToReadAsync(None))
            {
                read += stream.TryRead(out _) ? 1 : 0;
            }

            return (read, true);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            return (read, false);
        }
    }

    private static async Task<bool> EndsAsync(Func<Task> action)
    {
        try
        {
            await action();
            return true;
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }
}
