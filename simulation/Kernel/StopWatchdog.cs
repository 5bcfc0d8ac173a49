namespace SimGraph.Simulation.Kernel;

/// <summary>Reports a leak when a graceful stop takes longer than it may. Time in which the machine is paused does not count: it cannot do anything.</summary>
internal sealed class StopWatchdog : ScheduledEvent, IDisposable
{
    private readonly World _world;
    private readonly Incarnation _process;
    private readonly TimeSpan _limit;
    private readonly long _startedAt;
    private readonly long _pausedBefore;

    public StopWatchdog(World world, Incarnation process, TimeSpan limit)
    {
        _world = world;
        _process = process;
        _limit = limit;
        _startedAt = world.Scheduler.NowTicks;
        _pausedBefore = process.Machine.PausedTicks;
        world.Scheduler.Schedule(this, limit.Ticks);
    }

    public void Dispose() => _world.Scheduler.Cancel(this);

    protected internal override void Fire()
    {
        if (!_process.IsAlive)
        {
            return;
        }

        long paused = _process.Machine.PausedTicks - _pausedBefore;
        long remaining = _limit.Ticks - (_world.Scheduler.NowTicks - _startedAt - paused);
        if (remaining > 0 || _process.Machine.IsPaused)
        {
            _world.Scheduler.Schedule(this, Math.Max(remaining, TimeSpan.TicksPerSecond));
        }
        else
        {
            _world.Fail(
                ViolationClass.Leak,
                "leak.stop-too-slow",
                $"{_process.Machine.Name} did not stop within {_limit.TotalSeconds:0.###} virtual seconds; alive: {Machine.Describe(_process.Ledger)}");
        }
    }
}
