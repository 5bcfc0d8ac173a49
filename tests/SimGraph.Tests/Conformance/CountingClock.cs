namespace SimGraph.Tests.Conformance;

/// <summary>Passes everything on to another clock and counts the timers that were not disposed.</summary>
internal sealed class CountingClock(TimeProvider inner) : TimeProvider
{
    private int _created;
    private int _live;

    internal int Created => Volatile.Read(ref _created);

    internal int Live => Volatile.Read(ref _live);

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => inner.LocalTimeZone;

    public override long GetTimestamp() => inner.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref _created);
        Interlocked.Increment(ref _live);
        return new CountedTimer(this, inner.CreateTimer(callback, state, dueTime, period));
    }

    private sealed class CountedTimer(CountingClock clock, ITimer timer) : ITimer
    {
        private int _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            CountDown();
            timer.Dispose();
        }

        public async ValueTask DisposeAsync()
        {
            CountDown();
            await timer.DisposeAsync();
        }

        private void CountDown()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                Interlocked.Decrement(ref clock._live);
            }
        }
    }
}
