namespace SimGraph.Simulation.Kernel;

/// <summary>The <see cref="TimeProvider"/> of one process: its machine's clocks, and timers that die with the process.</summary>
internal sealed class SimulatedClock(Incarnation process) : TimeProvider
{
    private readonly List<SimulatedTimer> _held = [];

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => process.Machine.Clock.WallTime;

    public override long GetTimestamp() => process.Machine.Clock.MonotonicTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        if (!process.World.Scheduler.IsOwnerThread)
        {
            process.World.ReportEscape("a timer was created on another thread", new System.Diagnostics.StackTrace(fNeedFileInfo: true));
        }

        var timer = new SimulatedTimer(process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>A timer came due while the machine is paused: it fires at the resume.</summary>
    internal void Hold(SimulatedTimer timer) => _held.Add(timer);

    internal void FireHeldTimers()
    {
        foreach (SimulatedTimer timer in _held)
        {
            timer.FireAfterResume();
        }

        _held.Clear();
    }
}
