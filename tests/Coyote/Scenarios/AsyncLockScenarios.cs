using SimGraph.Coyote.Tests.Engine;
using SimGraph.Runtime.Concurrency;
using Xunit;

namespace SimGraph.Coyote.Tests.Scenarios;

/// <summary>A waiter is cancelled while the lock is released to it. A lock that nobody holds and nobody gets shows as a deadlock.</summary>
public sealed class AsyncLockScenarios
{
    private const int Schedules = 400;

    [Fact]
    public void A_cancellation_races_the_release() => FineLane.Explore("lock cancel against release", Schedules, async () =>
    {
        var gate = new AsyncLock();
        var source = new CancellationTokenSource();
        int inside = 0;
        async Task<bool> EnterAsync(CancellationToken cancellationToken)
        {
            try
            {
                using AsyncLock.Holder holder = await gate.EnterAsync(cancellationToken);
                Assert.Equal(1, Interlocked.Increment(ref inside));
                await Task.Yield();
                Assert.Equal(0, Interlocked.Decrement(ref inside));
                return true;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        Task<bool> holding = Task.Run(() => EnterAsync(CancellationToken.None));
        Task<bool> impatient = Task.Run(() => EnterAsync(source.Token));
        Task<bool> patient = Task.Run(() => EnterAsync(CancellationToken.None));
        Task cancel = Task.Run(source.Cancel);
        Assert.True(await holding);
        Assert.True(await patient);
        await impatient;
        await cancel;
        Assert.True(await EnterAsync(CancellationToken.None));
    });
}
