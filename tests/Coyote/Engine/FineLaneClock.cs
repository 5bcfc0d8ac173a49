// Time that moves only when a scenario says so. A timer's callback runs on the stack of the task that moved the clock, which makes its place in the
// schedule one of Coyote's choices.

namespace SimGraph.Coyote.Tests.Engine;

/// <summary>A virtual clock driven by the scenario. Thread-safe.</summary>
internal sealed class FineLaneClock : TimeProvider
{
    private readonly object _gate = new();
    private readonly List<VirtualTimer> _timers = [];
    private long _nowTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Timers that would still fire.</summary>
    internal int PendingTimers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    /// <summary>Time since the start of the scenario.</summary>
    internal TimeSpan Now => TimeSpan.FromTicks(GetTimestamp());

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _nowTicks;
        }
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves time to the earliest timer that is due within the horizon and fires it. False if there is none.</summary>
    internal bool FireNext(TimeSpan horizon)
    {
        VirtualTimer? next;
        lock (_gate)
        {
            next = _timers.MinBy(timer => timer.DueTicks);
            if (next is null || next.DueTicks > _nowTicks + horizon.Ticks)
            {
                return false;
            }

            _nowTicks = Math.Max(_nowTicks, next.DueTicks);
            if (next.PeriodTicks > 0)
            {
                next.DueTicks = _nowTicks + next.PeriodTicks;
            }
            else
            {
                _timers.Remove(next);
            }
        }

        next.Fire();
        return true;
    }

    private sealed class VirtualTimer(FineLaneClock clock, TimerCallback callback, object? state) : ITimer
    {
        private bool _disposed;

        internal long DueTicks { get; set; }

        internal long PeriodTicks { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                if (_disposed)
                {
                    return false;
                }

                clock._timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    DueTicks = clock._nowTicks + dueTime.Ticks;
                    PeriodTicks = period == Timeout.InfiniteTimeSpan ? 0 : period.Ticks;
                    clock._timers.Add(this);
                }

                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                _disposed = true;
                clock._timers.Remove(this);
            }
        }

        public async ValueTask DisposeAsync()
        {
            Dispose();
            await Task.CompletedTask;
        }

        internal void Fire() => callback(state);
    }
}
