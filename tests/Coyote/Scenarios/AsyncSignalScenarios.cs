using SimGraph.Coyote.Tests.Engine;
using SimGraph.Runtime.Concurrency;
using Xunit;

namespace SimGraph.Coyote.Tests.Scenarios;

/// <summary>Setters race the waiter and its cancellation. A lost set shows as a deadlock.</summary>
public sealed class AsyncSignalScenarios
{
    private const int Schedules = 400;

    [Fact]
    public void No_set_is_lost_between_setters_and_the_waiter() => FineLane.Explore("signal sets against wait", Schedules, async () =>
    {
        var signal = new AsyncSignal();
        int announced = 0;
        void Announce()
        {
            Interlocked.Increment(ref announced);
            signal.Set();
        }

        Task[] setters = [Task.Run(Announce), Task.Run(Announce), Task.Run(Announce)];
        int taken = 0;
        while (taken < setters.Length)
        {
            await signal.WaitAsync(CancellationToken.None);
            taken += Interlocked.Exchange(ref announced, 0);
        }

        await Task.WhenAll(setters);
    });

    [Fact]
    public void A_set_that_meets_a_cancelled_wait_is_kept() => FineLane.Explore("signal set against cancel", Schedules, async () =>
    {
        var signal = new AsyncSignal();
        var source = new CancellationTokenSource();
        Task setter = Task.Run(signal.Set);
        Task cancel = Task.Run(source.Cancel);
        bool consumed = false;
        try
        {
            await signal.WaitAsync(source.Token);
            consumed = true;
        }
        catch (OperationCanceledException)
        {
            // The set must be there for the next wait.
        }

        if (!consumed)
        {
            await signal.WaitAsync(CancellationToken.None);
        }

        await setter;
        await cancel;
    });
}
