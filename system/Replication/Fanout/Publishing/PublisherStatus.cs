using SimGraph.Replication.Fanout.Health;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Fanout.Publishing;

/// <summary>What a publisher looks like now.</summary>
public sealed record PublisherStatus
{
    /// <summary>The last entry that its member has applied.</summary>
    public LogPosition Last { get; init; }

    /// <summary>The read replicas that have reported, by name.</summary>
    public IReadOnlyList<ReplicaStanding> Replicas { get; init; } = [];

    /// <summary>Applied entries that were left to the catch-up because too many waited.</summary>
    public long Overruns { get; init; }

    /// <summary>Payloads that were not what the wire format says.</summary>
    public long Malformed { get; init; }

    /// <summary>Answers that no peer, or none with room, was there for.</summary>
    public long RepliesDropped { get; init; }
}
