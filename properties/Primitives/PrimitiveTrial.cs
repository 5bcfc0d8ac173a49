// Virtual time passes only when no task can go on. So what a call does is done at the moment in which it is decided, and the models hold the calls to that.
//
// Users act at whole milliseconds, and limits pass between two of them: nothing else happens at the moment in which a limit passes, so which of the two came first is never open.

using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Properties.Primitives;

/// <summary>Uses one primitive for a while, beside a model of it.</summary>
internal abstract class PrimitiveTrial(World world, Machine machine, IPlatform platform, string name)
{
    /// <summary>In virtual time: whoever still waits then waits for ever.</summary>
    private static readonly TimeSpan StuckLimit = TimeSpan.FromMinutes(5);
    private readonly ChoiceSite _site = world.Site($"primitives.{name}");

    protected IPlatform Platform { get; } = platform;

    protected TimeSpan Now => world.Now;

    /// <summary>One round, with something new to use.</summary>
    public abstract Task RunAsync();

    protected int Draw(int bound) => (int)world.Choose(_site, machine, (uint)bound);

    protected bool Percent(int share) => Draw(100) < share;

    protected void Reached(string probe) => Platform.Probes.Reachable(probe);

    /// <summary>What the model says.</summary>
    protected void Check(bool holds, string what)
    {
        if (!holds)
        {
            world.Fail(ViolationClass.Safety, $"primitives.{name}", $"{what}, at {Now.TotalMilliseconds} ms");
        }
    }

    /// <summary>A limit of some milliseconds and a half.</summary>
    protected TimeSpan DrawLimit() => TimeSpan.FromMilliseconds(Draw(12) + 0.5);

    /// <summary>Gives way to others, now or for some milliseconds; behind it it is a whole millisecond.</summary>
    protected async Task PauseAsync(int millisecondsMax = 6)
    {
        int milliseconds = Draw(millisecondsMax);
        if (milliseconds == 0)
        {
            await Task.Yield();
            await AlignAsync();
            return;
        }

        await Platform.Clock.DelayAsync(TimeSpan.FromMilliseconds(milliseconds), CancellationToken.None);
        await AlignAsync();
    }

    /// <summary>Runs users beside each other until all have ended.</summary>
    protected async Task UseAsync(int users, Func<int, Task> use)
    {
        var scope = new TaskScope(Platform.Tasks, name);
        var ended = new EndSignal();
        int alive = users;
        for (int user = 0; user < users; user++)
        {
            int number = user;
            scope.Run($"user-{number}", async _ =>
            {
                await use(number);
                if (--alive == 0)
                {
                    ended.Set();
                }
            });
        }

        if (!await ended.WaitAsync(Platform.Clock, StuckLimit))
        {
            world.Fail(ViolationClass.Liveness, $"primitives.{name}.stuck", $"{string.Join(", ", scope.SnapshotAlive())} waits since {StuckLimit.TotalMinutes} minutes");
        }

        await scope.StopAsync();
    }

    /// <summary>Waits for a call whose end the model knows by then.</summary>
    protected async Task JudgeAsync(string call, Expectation expected, Func<CancellationToken, Task<bool>> begin, CancellationToken cancellationToken)
    {
        CallEnd end;
        try
        {
            end = await begin(cancellationToken) ? CallEnd.Done : CallEnd.Refused;
        }
        catch (OperationCanceledException exception)
        {
            end = CallEnd.Cancelled;
            Check(exception.CancellationToken == cancellationToken, $"{call} says that another token than its own was cancelled");
        }

        Check(expected.End == end, $"{call} is {end} where it is {expected.End?.ToString() ?? "not to end"}");
        Check(expected.At == Now, $"{call} is {end} {(Now - expected.At).TotalMilliseconds} ms late");
    }

    private async Task AlignAsync()
    {
        long beyond = Now.Ticks % TimeSpan.TicksPerMillisecond;
        if (beyond > 0)
        {
            await Platform.Clock.DelayAsync(new TimeSpan(TimeSpan.TicksPerMillisecond - beyond), CancellationToken.None);
        }
    }
}
