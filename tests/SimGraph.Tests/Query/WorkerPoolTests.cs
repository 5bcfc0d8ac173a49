using SimGraph.Query;
using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using Xunit;

namespace SimGraph.Tests.Query;

public sealed class WorkerPoolTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    [Fact]
    public void Work_is_run_and_its_failure_reaches_who_waits() => QueryLab.Run(async (platform, scope) =>
    {
        WorkerPool pool = Pool(platform, scope, workers: 2, queue: 1);
        int ran = 0;
        await pool.RunAsync((_, _) => Task.FromResult(++ran), None);
        Assert.Equal(1, ran);
        await Assert.ThrowsAsync<NotSupportedException>(() => pool.RunAsync((_, _) => throw new NotSupportedException(), None));
    });

    [Fact]
    public void As_many_run_at_a_time_as_there_are_workers() => QueryLab.Run(async (platform, scope) =>
    {
        WorkerPool pool = Pool(platform, scope, workers: 3, queue: 2);
        int running = 0;
        int most = 0;
        var works = new List<PoolWork>();
        for (int i = 0; i < 20; i++)
        {
            works.Add(await pool.SubmitAsync(
                async (_, token) =>
                {
                    most = Math.Max(most, ++running);
                    await platform.Clock.DelayAsync(Moment, token);
                    running--;
                },
                None));
        }

        foreach (PoolWork work in works)
        {
            await work.Completion;
        }

        Assert.Equal(3, most);
    });

    [Fact]
    public void A_worker_whose_queue_is_full_runs_the_work_itself() => QueryLab.Run(async (platform, scope) =>
    {
        WorkerPool pool = Pool(platform, scope, workers: 1, queue: 1);
        await pool.RunAsync(
            async (worker, token) =>
            {
                bool firstRan = false;
                PoolWork first = await worker.SubmitAsync((_, _) => Task.FromResult(firstRan = true), token);
                PoolWork second = await worker.SubmitAsync((_, _) => Task.CompletedTask, token);
                Assert.False(firstRan);
                Assert.True(second.Completion.IsCompletedSuccessfully);
                await worker.JoinAsync(first);
                Assert.True(firstRan);
            },
            None);
    });

    [Fact]
    public void One_worker_is_enough_for_a_tree_of_work() => QueryLab.Run(async (platform, scope) =>
    {
        WorkerPool pool = Pool(platform, scope, workers: 1, queue: 100);
        int leaves = 0;
        async Task GrowAsync(PoolWorker worker, int depth, CancellationToken token)
        {
            if (depth == 0)
            {
                leaves++;
                return;
            }

            PoolWork left = await worker.SubmitAsync((other, inner) => GrowAsync(other, depth - 1, inner), token);
            PoolWork right = await worker.SubmitAsync((other, inner) => GrowAsync(other, depth - 1, inner), token);
            await worker.JoinAsync(left);
            await worker.JoinAsync(right);
        }

        await pool.RunAsync((worker, token) => GrowAsync(worker, 6, token), None);
        Assert.Equal(64, leaves);
    });

    [Fact]
    public void A_stop_cancels_what_waits_and_what_runs_and_refuses_the_rest() => QueryLab.Run(async (platform, scope) =>
    {
        WorkerPool pool = Pool(platform, scope, workers: 1, queue: 1);
        bool ended = false;
        PoolWork running = await pool.SubmitAsync(
            async (worker, token) =>
            {
                try
                {
                    await platform.Clock.DelayAsync(TimeSpan.FromHours(1), token);
                }
                finally
                {
                    // A body that submits while the pool stops is refused, and not left waiting.
                    await Assert.ThrowsAsync<PoolClosedException>(() => worker.SubmitAsync((_, _) => Task.CompletedTask, None));
                    ended = true;
                }
            },
            None);
        await platform.Clock.DelayAsync(Moment, None);
        PoolWork queued = await pool.SubmitAsync((_, _) => throw new InvalidOperationException("it was run"), None);
        Task<PoolWork> waiting = pool.SubmitAsync((_, _) => throw new InvalidOperationException("it was run"), None);
        await platform.Clock.DelayAsync(Moment, None);
        Assert.False(waiting.IsCompleted);
        Task stop = pool.StopAsync();
        await pool.StopAsync();
        Assert.True(ended);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.Completion);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queued.Completion);
        await Assert.ThrowsAsync<PoolClosedException>(() => waiting);
        await Assert.ThrowsAsync<PoolClosedException>(() => pool.SubmitAsync((_, _) => Task.CompletedTask, None));
        await stop;
    });

    [Fact]
    public void The_owners_stop_is_the_pools() => QueryLab.Run(async (platform, scope) =>
    {
        TaskScope owner = scope.CreateChild("owner");
        WorkerPool pool = Pool(platform, owner, workers: 2, queue: 1);
        await owner.StopAsync();
        await Assert.ThrowsAsync<PoolClosedException>(() => pool.SubmitAsync((_, _) => Task.CompletedTask, None));
        await pool.StopAsync();
    });

    [Fact]
    public void Cancelled_work_leaves_the_queue_and_makes_room() => QueryLab.Run(async (platform, scope) =>
    {
        WorkerPool pool = Pool(platform, scope, workers: 1, queue: 1);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        PoolWork running = await pool.SubmitAsync((_, _) => release.Task, None);
        await platform.Clock.DelayAsync(Moment, None);
        using var source = new CancellationTokenSource();
        PoolWork queued = await pool.SubmitAsync((_, _) => throw new InvalidOperationException("it was run"), source.Token);
        Task<PoolWork> next = pool.SubmitAsync((_, _) => Task.CompletedTask, None);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queued.Completion);
        PoolWork accepted = await next;
        Assert.False(running.Completion.IsCompleted);
        release.SetResult();
        await accepted.Completion;
    });

    [Fact]
    public void Who_waits_for_room_can_give_up() => QueryLab.Run(async (platform, scope) =>
    {
        WorkerPool pool = Pool(platform, scope, workers: 1, queue: 1);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await pool.SubmitAsync((_, _) => release.Task, None);
        await platform.Clock.DelayAsync(Moment, None);
        await pool.SubmitAsync((_, _) => Task.CompletedTask, None);
        using var deadline = Deadline.After(platform.Clock, Moment, None);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => pool.SubmitAsync((_, _) => throw new InvalidOperationException("it was run"), deadline.Token));
        release.SetResult();
    });

    [Fact]
    public void A_stop_says_when_work_does_not_listen_and_can_be_repeated() => QueryLab.Run(async (platform, scope) =>
    {
        WorkerPool pool = Pool(platform, scope, workers: 1, queue: 1);
        await pool.SubmitAsync((_, _) => platform.Clock.DelayAsync(TimeSpan.FromSeconds(3), None), None);
        await platform.Clock.DelayAsync(Moment, None);
        StopTimeoutException late = await Assert.ThrowsAsync<StopTimeoutException>(pool.StopAsync);
        Assert.Contains("worker-1", late.Message, StringComparison.Ordinal);
        await platform.Clock.DelayAsync(TimeSpan.FromSeconds(2), None);
        await pool.StopAsync();
    });

    private static WorkerPool Pool(IPlatform platform, TaskScope owner, int workers, int queue) => new(
        platform, owner, new WorkerPoolOptions { Workers = workers, QueueMax = queue, StopLimit = TimeSpan.FromSeconds(2) });
}
