using SimGraph.Cluster.Consensus;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Node;

/// <summary>What a node looks like from outside, as of the end of its event loop's last turn.</summary>
public sealed record ReplicaStatus
{
    /// <summary>The node.</summary>
    public required NodeId Self { get; init; }

    /// <summary>Its role.</summary>
    public ConsensusRole Role { get; init; }

    /// <summary>Its term.</summary>
    public ulong Term { get; init; }

    /// <summary>The leader it knows of.</summary>
    public NodeId? Leader { get; init; }

    /// <summary>The membership in force; null before it runs.</summary>
    public Membership? Membership { get; init; }

    /// <summary>The last entry that it knows to be committed.</summary>
    public ulong CommitIndex { get; init; }

    /// <summary>The last entry that it applied.</summary>
    public ulong AppliedIndex { get; init; }

    /// <summary>Its log holds the entries behind this position: who is behind it needs a snapshot.</summary>
    public LogPosition LogStart { get; init; }

    /// <summary>The end of its log.</summary>
    public LogPosition Last { get; init; }

    /// <summary>Up to where its state needs no log any more.</summary>
    public LogPosition Durable { get; init; }

    /// <summary>Events that wait for the loop.</summary>
    public int QueuedEvents { get; init; }

    /// <summary>Commands and queries of clients that wait for their outcome.</summary>
    public int WaitingRequests { get; init; }

    /// <summary>Bytes that wait to be sent to peers.</summary>
    public long QueuedBytes { get; init; }

    /// <summary>How far each other voter and learner is behind, in ascending order; empty unless this node leads.</summary>
    public IReadOnlyList<FollowerLag> Followers { get; init; } = [];
}
