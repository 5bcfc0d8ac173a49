namespace SimGraph.Replication.Fanout;

/// <summary>What a component of the fan-out dropped, for its status. Thread-safe.</summary>
internal sealed class FanoutCounters
{
    private long _malformed;
    private long _repliesDropped;

    /// <summary>Payloads that were not what the wire format says.</summary>
    public long MalformedCount => Interlocked.Read(ref _malformed);

    /// <summary>Answers that no peer, or none with room, was there for.</summary>
    public long RepliesDroppedCount => Interlocked.Read(ref _repliesDropped);

    public void Malformed() => Interlocked.Increment(ref _malformed);

    public void ReplyDropped() => Interlocked.Increment(ref _repliesDropped);
}
