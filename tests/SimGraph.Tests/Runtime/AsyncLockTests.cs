using SimGraph.Runtime.Concurrency;
using Xunit;

namespace SimGraph.Tests.Runtime;

public sealed class AsyncLockTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Waiters_enter_one_at_a_time_in_the_order_they_came()
    {
        var gate = new AsyncLock();
        AsyncLock.Holder first = await gate.EnterAsync(None);
        Task<AsyncLock.Holder> second = gate.EnterAsync(None);
        Task<AsyncLock.Holder> third = gate.EnterAsync(None);
        Assert.False(second.IsCompleted);
        first.Dispose();
        AsyncLock.Holder holder = await second;
        Assert.False(third.IsCompleted);
        holder.Dispose();
        (await third).Dispose();
        Assert.True(gate.EnterAsync(None).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_holder_releases_once()
    {
        var gate = new AsyncLock();
        AsyncLock.Holder first = await gate.EnterAsync(None);
        first.Dispose();
        AsyncLock.Holder second = await gate.EnterAsync(None);
        first.Dispose();
        Task<AsyncLock.Holder> third = gate.EnterAsync(None);
        Assert.False(third.IsCompleted);
        second.Dispose();
        (await third).Dispose();
    }

    [Fact]
    public async Task A_cancelled_waiter_is_passed_over()
    {
        var gate = new AsyncLock();
        using var source = new CancellationTokenSource();
        AsyncLock.Holder first = await gate.EnterAsync(None);
        Task<AsyncLock.Holder> cancelled = gate.EnterAsync(source.Token);
        Task<AsyncLock.Holder> patient = gate.EnterAsync(None);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        first.Dispose();
        (await patient).Dispose();
    }

    [Fact]
    public async Task A_waiter_cancelled_after_its_turn_came_holds_the_lock()
    {
        var gate = new AsyncLock();
        using var source = new CancellationTokenSource();
        AsyncLock.Holder first = await gate.EnterAsync(None);
        Task<AsyncLock.Holder> lucky = gate.EnterAsync(source.Token);
        first.Dispose();
        source.Cancel();
        AsyncLock.Holder holder = await lucky;
        Assert.False(gate.EnterAsync(None).IsCompleted);
        holder.Dispose();
    }

    [Fact]
    public async Task A_cancelled_token_never_enters()
    {
        var gate = new AsyncLock();
        using var source = new CancellationTokenSource();
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gate.EnterAsync(source.Token));
        Assert.True(gate.EnterAsync(None).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Many_tasks_some_cancelled_never_overlap_and_never_lose_the_lock()
    {
        var gate = new AsyncLock();
        int inside = 0;
        int entered = 0;
        Task[] tasks = new Task[4];
        for (int t = 0; t < tasks.Length; t++)
        {
            bool impatient = t % 2 == 0;
            tasks[t] = Task.Run(async () =>
            {
                for (int round = 0; round < 2000; round++)
                {
                    using var source = new CancellationTokenSource();
                    Task<AsyncLock.Holder> entering = gate.EnterAsync(source.Token);
                    if (impatient)
                    {
                        source.Cancel();
                    }

                    try
                    {
                        using AsyncLock.Holder holder = await entering;
                        Assert.Equal(1, Interlocked.Increment(ref inside));
                        await Task.Yield();
                        entered++;
                        Interlocked.Decrement(ref inside);
                    }
                    catch (OperationCanceledException)
                    {
                        Assert.True(impatient);
                    }
                }
            }, None);
        }

        await Task.WhenAll(tasks);
        Assert.True(entered >= 4000);
        Assert.True(gate.EnterAsync(None).IsCompletedSuccessfully);
    }
}
