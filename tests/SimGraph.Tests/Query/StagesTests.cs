using SimGraph.Query;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using Xunit;

namespace SimGraph.Tests.Query;

public sealed class StagesTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private static readonly WorkerPoolOptions ThreeWorkers = new() { Workers = 3, QueueMax = 2 };

    [Fact]
    public void Stages_do_what_they_say() => QueryLab.Run(async (_, scope) =>
    {
        IReadOnlyList<string> batches = await ResultStreamTests.Numbers(scope, 20)
            .Filter(number => number % 3 != 0).Map(number => number * 10).Batch(4).Map(batch => string.Join(' ', batch)).CollectAsync(100, None);
        Assert.Equal(["10 20 40 50", "70 80 100 110", "130 140 160 170", "190 200"], batches);
        Assert.Equal(20, await ResultStreamTests.Numbers(scope, 20).CountAsync(None));
        Assert.Empty(scope.SnapshotAlive());
    });

    [Fact]
    public void A_parallel_stage_works_in_parallel_and_keeps_the_order() => QueryLab.Run(async (platform, scope) =>
    {
        var pool = new WorkerPool(platform, scope, ThreeWorkers);
        int running = 0;
        int most = 0;
        IReadOnlyList<int> mapped = await ResultStreamTests.Numbers(scope, 30).MapParallel(pool, 4, async (number, token) =>
        {
            most = Math.Max(most, ++running);
            await platform.Clock.DelayAsync(TimeSpan.FromMilliseconds(1 + (number * 7 % 5)), token);
            running--;
            return number * number;
        }).CollectAsync(100, None);
        Assert.Equal(Enumerable.Range(1, 30).Select(number => number * number), mapped);
        Assert.Equal(3, most);
    });

    [Fact]
    public void A_disposal_ends_every_stage_the_first_one_first() => QueryLab.Run(async (platform, scope) =>
    {
        var ended = new List<string>();
        ResultStream<int> stream = Link(platform.Clock, Link(platform.Clock, Endless(platform.Clock, scope, ended), "second", ended), "third", ended);
        Assert.True(await stream.WaitToReadAsync(None));
        await stream.DisposeAsync();
        Assert.Equal(["first", "second", "third"], ended);
        Assert.Empty(scope.SnapshotAlive());
    });

    [Fact]
    public void Whoever_is_cancelled_while_collecting_has_ended_every_stage() => QueryLab.Run(async (platform, scope) =>
    {
        var ended = new List<string>();
        using var deadline = Deadline.After(platform.Clock, Moment, None);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Endless(platform.Clock, scope, ended).Filter(static _ => false).Map(static number => -number).CollectAsync(int.MaxValue, deadline.Token));
        Assert.Equal(["first"], ended);
        Assert.Empty(scope.SnapshotAlive());
    });

    [Fact]
    public void A_failing_function_fails_the_stream_and_ends_what_is_before_it() => QueryLab.Run(async (platform, scope) =>
    {
        var ended = new List<string>();
        await Assert.ThrowsAsync<NotSupportedException>(() => Endless(platform.Clock, scope, ended)
            .Map(static number => number < 5 ? number : throw new NotSupportedException()).Filter(static _ => true).CountAsync(None));
        Assert.Equal(["first"], ended);
        Assert.Empty(scope.SnapshotAlive());
    });

    [Fact]
    public void A_failure_of_parallel_work_comes_in_its_place_and_ends_the_rest() => QueryLab.Run(async (platform, scope) =>
    {
        var pool = new WorkerPool(platform, scope, ThreeWorkers);
        TaskScope queries = scope.CreateChild("queries");
        int running = 0;
        await using ResultStream<int> stream = ResultStreamTests.Numbers(queries, 30).MapParallel(pool, 4, async (number, token) =>
        {
            running++;
            try
            {
                // The one that fails is done first of all.
                await platform.Clock.DelayAsync(number == 3 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(5), token);
                return number == 3 ? throw new NotSupportedException() : number;
            }
            finally
            {
                running--;
            }
        });
        var read = new List<int>();
        await Assert.ThrowsAsync<NotSupportedException>(async () =>
        {
            while (await stream.WaitToReadAsync(None))
            {
                Assert.True(stream.TryRead(out int item));
                read.Add(item);
            }
        });
        Assert.Equal([1, 2], read);
        await stream.DisposeAsync();
        Assert.Equal(0, running);
        Assert.Empty(queries.SnapshotAlive());
    });

    [Fact]
    public void A_failure_before_a_parallel_stage_comes_behind_the_results_before_it() => QueryLab.Run(async (platform, scope) =>
    {
        var pool = new WorkerPool(platform, scope, ThreeWorkers);
        await using ResultStream<int> stream = ResultStreamTests.Numbers(scope, 30)
            .Map(static number => number <= 4 ? number : throw new NotSupportedException())
            .MapParallel(pool, 8, async (number, token) =>
            {
                await platform.Clock.DelayAsync(Moment, token);
                return number;
            });
        int count = 0;
        await Assert.ThrowsAsync<NotSupportedException>(async () =>
        {
            while (await stream.WaitToReadAsync(None))
            {
                count += stream.TryRead(out _) ? 1 : 0;
            }
        });
        Assert.Equal(4, count);
    });

    [Fact]
    public void A_pool_that_stops_fails_the_stage_and_never_ends_it() => QueryLab.Run(async (platform, scope) =>
    {
        var pool = new WorkerPool(platform, scope, ThreeWorkers);
        Task<long> counting = ResultStreamTests.Numbers(scope, 30).MapParallel(pool, 4, async (number, token) =>
        {
            await platform.Clock.DelayAsync(Moment, token);
            return number;
        }).CountAsync(None);
        await platform.Clock.DelayAsync(3 * Moment, None);
        await pool.StopAsync();
        Exception? failure = await Record.ExceptionAsync(() => counting);
        Assert.True(failure is OperationCanceledException or PoolClosedException, $"it ended with {failure}");
        Assert.Empty(scope.SnapshotAlive());
    });

    [Fact]
    public void More_than_may_be_collected_is_refused() => QueryLab.Run(async (_, scope) =>
    {
        await Assert.ThrowsAsync<QueryLimitException>(() => ResultStreamTests.Numbers(scope, 6).CollectAsync(5, None));
        Assert.Equal(5, (await ResultStreamTests.Numbers(scope, 5).CollectAsync(5, None)).Count);
        Assert.Empty(scope.SnapshotAlive());
    });

    private static ResultStream<int> Endless(TimeProvider clock, TaskScope scope, List<string> ended) => ResultStream.Start<int>(
        scope,
        "endless",
        async (writer, cancellation) =>
        {
            try
            {
                for (int i = 0; ; i++)
                {
                    await writer.WriteAsync(i, cancellation);
                    await clock.DelayAsync(TimeSpan.FromMicroseconds(10), cancellation);
                }
            }
            finally
            {
                await clock.DelayAsync(2 * Moment, None);
                ended.Add("first");
            }
        },
        new StreamOptions { Capacity = 2 });

    private static ResultStream<int> Link(TimeProvider clock, ResultStream<int> source, string name, List<string> ended) => ResultStream.Start<int>(
        source.Owner,
        name,
        async (writer, cancellation) =>
        {
            try
            {
                await Stages.ReadAsync(source, item => writer.WriteAsync(item, cancellation), cancellation);
            }
            finally
            {
                await clock.DelayAsync(Moment, None);
                ended.Add(name);
            }
        },
        source.Options);
}
