namespace SimGraph.Simulation.Kernel;

/// <summary>Reports a leak when a graceful stop takes longer than it may.</summary>
internal sealed class StopWatchdog : ScheduledEvent, IDisposable
{
    private readonly World _world;
    private readonly Incarnation _process;
    private readonly TimeSpan _limit;

    public StopWatchdog(World world, Incarnation process, TimeSpan limit)
    {
        _world = world;
        _process = process;
        _limit = limit;
        world.Scheduler.Schedule(this, limit.Ticks);
    }

    public void Dispose() => _world.Scheduler.Cancel(this);

    protected internal override void Fire()
    {
        if (_process.IsAlive)
        {
            _world.Fail(
                ViolationClass.Leak,
                "leak.stop-too-slow",
                $"{_process.Machine.Name} did not stop within {_limit.TotalSeconds:0.###} virtual seconds; alive: {Machine.Describe(_process.Ledger)}");
        }
    }
}
