using Microsoft.Extensions.Logging;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Discovery;
using SimGraph.Replication.Peers;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime.Probes;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Node;

/// <summary>What the event loop of a node drives.</summary>
internal sealed record ReplicaParts
{
    public required ReplicaOptions Options { get; init; }

    public required IProbes Probes { get; init; }

    public required ILogger Logger { get; init; }

    public required IReplicaObserver? Observer { get; init; }

    public required ReplicaInbox Inbox { get; init; }

    public required ConsensusCore Core { get; init; }

    public required ReplicatedStateMachine Machine { get; init; }

    public required WriteAheadLog Log { get; init; }

    public required StateFlusher Flusher { get; init; }

    public required PeerDirectory Peers { get; init; }

    /// <summary>Is told what this node does; null without discovery.</summary>
    public required DiscoveryService? Discovery { get; init; }

    public required TimeProvider Clock { get; init; }

    /// <summary>Where the loop publishes what it looks like.</summary>
    public required StatusBoard Status { get; init; }

    /// <summary>What was recovered, for the observer.</summary>
    public required ConsensusState Restored { get; init; }
}
