using SimGraph.Runtime;

namespace SimGraph.Simulation.Kernel;

/// <summary>A timer of one process. Alive in the ledger from its creation until it is disposed, or has fired for the only time.</summary>
internal sealed class SimulatedTimer : ScheduledEvent, ITimer
{
    private static readonly TimeSpan LongestTime = TimeSpan.FromMilliseconds(0xFFFFFFFE);
    private readonly Incarnation _process;
    private readonly TimerCallback _callback;
    private readonly object? _state;
    private LedgerEntry? _entry;
    private TimeSpan _period;
    private bool _isHeld;
    private bool _isDisposed;

    public SimulatedTimer(Incarnation process, TimerCallback callback, object? state)
    {
        _process = process;
        _callback = callback;
        _state = state;
    }

    internal int OwnerIndex { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        CheckTime(dueTime, nameof(dueTime));
        CheckTime(period, nameof(period));
        if (_isDisposed || !_process.IsAlive)
        {
            return false;
        }

        _isHeld = false;
        _period = period;
        Disarm();
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            Arm(dueTime);
        }

        return true;
    }

    public void Dispose()
    {
        _isDisposed = true;
        _isHeld = false;
        if (_process.IsAlive)
        {
            Disarm();
        }
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal void FireAfterResume()
    {
        if (_isHeld && _process.IsAlive)
        {
            _isHeld = false;
            _process.World.Scheduler.Schedule(this, 0);
        }
    }

    protected internal override void Fire()
    {
        if (_process.Machine.IsPaused)
        {
            _isHeld = true;
            _process.Clock.Hold(this);
            return;
        }

        bool repeats = _period > TimeSpan.Zero;
        Disarm();
        if (repeats)
        {
            Arm(_period);
        }

        _process.World.Scheduler.Fold((ulong)_process.World.Scheduler.NowTicks);
        _callback(_state);
    }

    private static void CheckTime(TimeSpan time, string name)
    {
        if (time != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(time.Ticks, name);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(time, LongestTime, name);
        }
    }

    private void Arm(TimeSpan due)
    {
        Invariant.Check(_entry is null, "a timer is armed once at a time");
        _entry = _process.Ledger.Add(LedgerKind.Timer, "timer");
        _process.Register(this);
        _process.World.Scheduler.Schedule(this, _process.Machine.Clock.ToWorldTicks(due.Ticks));
    }

    private void Disarm()
    {
        if (_entry is null)
        {
            return;
        }

        _process.Ledger.Remove(_entry);
        _entry = null;
        _process.Unregister(this);
        _process.World.Scheduler.Cancel(this);
    }
}
