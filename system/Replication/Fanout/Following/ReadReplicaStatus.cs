using SimGraph.Replication.Fanout.Health;
using SimGraph.Runtime.Network;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Fanout.Following;

/// <summary>What a read replica looks like.</summary>
public sealed record ReadReplicaStatus
{
    /// <summary>The last entry that it applied.</summary>
    public LogPosition Applied { get; init; }

    /// <summary>The highest index that it has heard of.</summary>
    public ulong Known { get; init; }

    /// <summary>The ROUTER of the member that it follows.</summary>
    public NetworkAddress Source { get; init; }

    /// <summary>What that member thinks of it; none before it has answered.</summary>
    public ReplicaHealth Health { get; init; }

    /// <summary>How often it turned from a silent member to the next.</summary>
    public long SourceChanges { get; init; }

    /// <summary>Holes that it found.</summary>
    public long Gaps { get; init; }

    /// <summary>Entries that it had already and skipped.</summary>
    public long Repeated { get; init; }

    /// <summary>Payloads that were not what the wire format says, or entries that it cannot apply.</summary>
    public long Malformed { get; init; }
}
