// A machine's clocks. The monotonic one runs at its own rate and never goes back, across reboots too; the wall clock is that plus an offset, and jumps when
// the scenario says so. Integer arithmetic only, so that every machine computes the same.

using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Kernel;

/// <summary>The wall and monotonic clock of a machine.</summary>
public sealed class MachineClock
{
    private const long Million = 1_000_000;
    private readonly World _world;
    private long _rateBaseWorld;
    private long _rateBaseLocal;
    private long _wallOffset;
    private int _drift;

    internal MachineClock(World world, MachineOptions options)
    {
        _world = world;
        _wallOffset = options.WallClockOffset.Ticks;
        _drift = options.ClockDriftPartsPerMillion;
        _rateBaseWorld = world.Scheduler.NowTicks;
        _rateBaseLocal = _rateBaseWorld;
    }

    /// <summary>Monotonic time in ticks of 100 ns.</summary>
    public long MonotonicTicks
    {
        get
        {
            long elapsed = _world.Scheduler.NowTicks - _rateBaseWorld;
            return _drift == 0 ? _rateBaseLocal + elapsed : _rateBaseLocal + elapsed + (long)((Int128)elapsed * _drift / Million);
        }
    }

    /// <summary>Wall time.</summary>
    public DateTimeOffset WallTime => World.Epoch.AddTicks(MonotonicTicks + _wallOffset);

    /// <summary>Moves the wall clock; the monotonic clock does not notice.</summary>
    public void Jump(Machine machine, TimeSpan by)
    {
        _wallOffset += by.Ticks;
        _world.CountFault("clock.jump");
        _world.Trace.Emit(TraceKind.ClockJump, machine, by.Ticks);
    }

    /// <summary>Changes the rate of both clocks.</summary>
    public void SetDrift(Machine machine, int partsPerMillion)
    {
        _rateBaseLocal = MonotonicTicks;
        _rateBaseWorld = _world.Scheduler.NowTicks;
        _drift = partsPerMillion;
        _world.CountFault("clock.drift");
        _world.Trace.Emit(TraceKind.ClockDrift, machine, partsPerMillion);
    }

    /// <summary>The world time that passes while this clock shows the given time: rounded up, so that a wait is never too short.</summary>
    internal long ToWorldTicks(long localTicks) =>
        _drift == 0 ? localTicks : (long)((((Int128)localTicks * Million) + Million + _drift - 1) / (Million + _drift)) + 1;
}
