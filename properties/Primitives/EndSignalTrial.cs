using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Primitives;

/// <summary>Some that wait for an end within a limit.</summary>
internal sealed class EndSignalTrial(World world, Machine machine, IPlatform platform) : PrimitiveTrial(world, machine, platform, "end-signal")
{
    /// <inheritdoc/>
    public override async Task RunAsync()
    {
        var end = new EndSignal();
        TimeSpan happenedAt = TimeSpan.MaxValue;
        await UseAsync(2 + Draw(4), async user =>
        {
            await PauseAsync();
            if (user == 0)
            {
                await PauseAsync(millisecondsMax: 12);
                happenedAt = Now;
                end.Set();
                return;
            }

            TimeSpan from = Now;
            TimeSpan limit = DrawLimit();
            bool happened = await end.WaitAsync(Platform.Clock, limit);
            bool inTime = happenedAt < from + limit;
            Check(happened == inTime, $"WaitAsync says {happened} where the end {(inTime ? "happened" : "did not happen")} within the limit");
            TimeSpan expected = !inTime ? from + limit : happenedAt > from ? happenedAt : from;
            Check(Now == expected, $"WaitAsync is {(Now - expected).TotalMilliseconds} ms late");
        });
        Check(await end.WaitAsync(Platform.Clock, DrawLimit()), "what has happened stays so");
    }
}
