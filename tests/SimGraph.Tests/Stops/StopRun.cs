// One stop, in one world. The component is used by tasks of its own until it is stopped, once or by several at the same time. Then, at the very moment of
// the stop's return, the machine's ledger holds nothing that is the component's; what was asked is answered; a further stop takes no time; a further start and
// further use are refused in words. Virtual time makes the bound exact.

using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Tests.Simulation;
using Xunit;

namespace SimGraph.Tests.Stops;

/// <summary>Stops one component as planned.</summary>
internal sealed class StopRun
{
    private const string Operations = "operations";
    private static readonly TimeSpan Think = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Grace = 2 * Think;
    private readonly StopSubject _subject;
    private readonly StopLab _lab;
    private StopComponent? _component;
    private readonly TaskCompletionSource _stopped = new();
    private bool _isStopping;

    private StopRun(StopSubject subject, StopLab lab)
    {
        _subject = subject;
        _lab = lab;
    }

    private StopComponent Component => _component!;

    private StopPlan Plan => _lab.Plan;

    /// <summary>Runs it and says what came of it; the counters tell in which state the component was met.</summary>
    public static RunResult Run(StopSubject subject, StopPlan plan) => Worlds.Run(
        (ulong)plan.Seed,
        async (world, harness) =>
        {
            var lab = new StopLab(world, harness, plan);
            var run = new StopRun(subject, lab);
            Machine machine = lab.AddMachine(subject.MachineName);
            await subject.PrepareAsync(lab);
            Incarnation process = machine.Boot((platform, _) => run.UseAsync(platform));
            await process.Exited;
            await lab.EndAsync();
        },
        options => options with { VirtualTimeMax = TimeSpan.FromMinutes(30), StepsMax = 5_000_000 });

    private async Task UseAsync(IPlatform platform)
    {
        _component = _subject.Create(_lab, platform);
        var operations = new TaskScope(platform.Tasks, Operations);
        if (Plan.Moment < TimeSpan.Zero)
        {
            await StopOnceAsync(0);
        }

        for (int who = 0; who < Component.Operators; who++)
        {
            int number = who;
            operations.Run("use", _ => OperateAsync(platform, number));
        }

        Task starting = StartAsync();
        await WaitAsync(platform);
        _lab.World.Count(starting.IsCompleted ? Component.State : "starting");
        await StopAllAsync(platform);
        _stopped.SetResult();
        AssertNothingIsLeft("the stop has returned");
        await starting;
        await RefuseAsync();
        await EndOperationsAsync(platform, operations);
        _lab.Machine.Disk.Heal();
        await Component.AuditAsync(platform);
        await Component.CloseAsync();
        Assert.Equal(1, _lab.Machine.Process!.Ledger.Count);
    }

    private async Task WaitAsync(IPlatform platform)
    {
        TimeSpan moment = Plan.Moment > TimeSpan.Zero ? Plan.Moment * _subject.Pace : TimeSpan.Zero;
        TimeSpan lead = Plan.FaultLead * _subject.Pace;
        lead = lead < moment ? lead : moment;
        await DelayAsync(platform, moment - lead);
        _lab.Disturb();
        await DelayAsync(platform, lead);
    }

    private async Task StopAllAsync(IPlatform platform)
    {
        var stops = new List<Task<bool>>();
        for (int way = 0; way < Plan.Stops; way++)
        {
            stops.Add(StopOnceAsync(way));
            await DelayAsync(platform, way + 1 < Plan.Stops ? Plan.StopSpread : TimeSpan.Zero);
        }

        bool inTime = false;
        foreach (Task<bool> stop in stops)
        {
            inTime = await stop;
        }

        if (!inTime)
        {
            // The disk answers at last: a later call waits again, and now it ends.
            await DelayAsync(platform, Plan.HungTime);
            Assert.True(await StopOnceAsync(0), "a stop was late again, though the disk answers");
        }
    }

    // False when it said that it is late, as it may when the disk does not answer.
    private async Task<bool> StopOnceAsync(int way)
    {
        _isStopping = true;
        await Component.BeforeStopAsync();
        TimeSpan begun = _lab.Now;
        bool inTime = true;
        try
        {
            await Component.StopAsync(way);
        }
        catch (StopTimeoutException) when (Plan.Fault == StopFault.HungDisk)
        {
            inTime = false;
        }

        TimeSpan took = _lab.Now - begun;
        Assert.True(took <= _subject.Bound, $"a stop took {took.TotalSeconds:0.###} s, and {_subject.Bound.TotalSeconds:0.###} s are its bound");
        return inTime;
    }

    private async Task StartAsync()
    {
        try
        {
            await Component.StartAsync(CancellationToken.None);
            Assert.True(Plan.Moment >= TimeSpan.Zero, "a start after the stop succeeded");
        }
        catch (Exception exception) when (Component.IsAnswer(exception) || Component.IsRefusal(exception))
        {
            // Stopped first, or the disk failed.
            _lab.World.Count("start failed");
        }
    }

    private async Task OperateAsync(IPlatform platform, int who)
    {
        while (true)
        {
            bool wasStopped = _stopped.Task.IsCompleted;
            try
            {
                await Component.OperateAsync(who);
                Assert.False(wasStopped, "what was asked after the stop was answered as if nothing had happened");
                _lab.World.Count("operations");
            }
            catch (Exception exception) when (Component.IsRefusal(exception))
            {
                _lab.World.Count("refusals");
                if (wasStopped)
                {
                    return;
                }

                if (_isStopping)
                {
                    // Once more when the stop has returned.
                    await _stopped.Task;
                    continue;
                }
            }
            catch (Exception exception) when (Component.IsAnswer(exception))
            {
                _lab.World.Count("failures");
                if (wasStopped)
                {
                    return;
                }
            }

            await DelayAsync(platform, Think);
        }
    }

    private async Task RefuseAsync()
    {
        TimeSpan begun = _lab.Now;
        Assert.True(await StopOnceAsync(0));
        Assert.Equal(begun, _lab.Now);
        Exception? refusal = await Record.ExceptionAsync(() => Component.StartAsync(CancellationToken.None));
        Assert.True(refusal is not null, "a start after the stop succeeded");
        Assert.True(Component.IsRefusal(refusal!) || Component.IsAnswer(refusal!), $"a start after the stop failed with {refusal}");
        Assert.Contains("stop", refusal!.Message, StringComparison.Ordinal);
        AssertNothingIsLeft("a start was refused");
    }

    // What is stopped has nothing to wait for any more, so whoever still waits for it would do so for ever.
    private async Task EndOperationsAsync(IPlatform platform, TaskScope operations)
    {
        await DelayAsync(platform, Grace);
        Assert.Empty(operations.SnapshotAlive());
        await operations.StopAsync();
    }

    private void AssertNothingIsLeft(string when)
    {
        LedgerEntry[] left = [.. _lab.Machine.Process!.Ledger.Snapshot().Where(entry => !IsOfTheTest(entry) && Component.Owns(entry))];
        Assert.True(left.Length == 0, $"{when}, and alive are: {string.Join("; ", left.Take(8).Select(entry => entry.ToString()))}");
    }

    private static bool IsOfTheTest(LedgerEntry entry) =>
        (entry.Kind == LedgerKind.Task && (entry.Name == "main" || entry.Name.StartsWith(Operations, StringComparison.Ordinal)))
        || (entry.Kind == LedgerKind.Timer && entry.CreatedBy.StartsWith(Operations, StringComparison.Ordinal));

    private static async Task DelayAsync(IPlatform platform, TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
        {
            await platform.Clock.DelayAsync(delay, CancellationToken.None);
        }
    }
}
