using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using Xunit;

namespace SimGraph.Tests.Runtime;

public sealed class AsyncSignalTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_set_wakes_the_waiter()
    {
        var signal = new AsyncSignal();
        Task waiting = signal.WaitAsync(None);
        Assert.False(waiting.IsCompleted);
        signal.Set();
        await waiting;
    }

    [Fact]
    public async Task A_set_that_finds_nobody_is_remembered_once()
    {
        var signal = new AsyncSignal();
        signal.Set();
        signal.Set();
        Assert.True(signal.WaitAsync(None).IsCompletedSuccessfully);
        Task second = signal.WaitAsync(None);
        Assert.False(second.IsCompleted);
        signal.Set();
        await second;
    }

    [Fact]
    public async Task A_cancelled_wait_loses_no_set()
    {
        var signal = new AsyncSignal();
        using var source = new CancellationTokenSource();
        Task cancelled = signal.WaitAsync(source.Token);
        source.Cancel();
        signal.Set();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => signal.WaitAsync(source.Token));
        Assert.True(signal.WaitAsync(None).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Two_waiters_at_once_are_a_bug()
    {
        var signal = new AsyncSignal();
        Task waiting = signal.WaitAsync(None);
        await Assert.ThrowsAsync<InvariantViolationException>(() => signal.WaitAsync(None));
        signal.Set();
        await waiting;
    }

    [Fact]
    public async Task Work_announced_by_many_setters_is_never_left_lying()
    {
        const int Setters = 4;
        const int SetsEach = 5000;
        var signal = new AsyncSignal();
        int announced = 0;
        Task[] setters = new Task[Setters];
        for (int s = 0; s < Setters; s++)
        {
            setters[s] = Task.Run(() =>
            {
                for (int i = 0; i < SetsEach; i++)
                {
                    Interlocked.Increment(ref announced);
                    signal.Set();
                }
            }, None);
        }

        // A lost set leaves this loop waiting for ever.
        int taken = 0;
        while (taken < Setters * SetsEach)
        {
            await signal.WaitAsync(None);
            taken += Interlocked.Exchange(ref announced, 0);
        }

        await Task.WhenAll(setters);
    }
}
