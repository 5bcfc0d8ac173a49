namespace SimGraph.Properties.Storage.Audit;

/// <summary>A machine's clock whose wall time somebody sets now and then. The monotonic time stays that of the machine.</summary>
internal sealed class JumpingClock(TimeProvider clock) : TimeProvider
{
    private TimeSpan _offset;

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public void Jump(TimeSpan by) => _offset += by;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + _offset;

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(callback, state, dueTime, period);
}
