using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Peers;
using SimGraph.Replication.StateMachine;

namespace SimGraph.Replication.Node;

/// <summary>One input of the event loop.</summary>
internal readonly struct ReplicaEvent
{
    /// <summary>What happened.</summary>
    public ReplicaEventKind Kind { get; init; }

    /// <summary>The message; with <see cref="Snapshot"/> if it is an InstallSnapshot.</summary>
    public ConsensusMessage? Message { get; init; }

    /// <summary>The whole state that an InstallSnapshot message speaks of; the loop installs or abandons it.</summary>
    public StagedState? Snapshot { get; init; }

    /// <summary>Whom to answer.</summary>
    public ClientLink? Client { get; init; }

    /// <summary>The client's number for the request.</summary>
    public ulong RequestId { get; init; }

    /// <summary>When a command is to be answered; never the cluster's default.</summary>
    public WriteAcknowledgement Acknowledgement { get; init; }

    /// <summary>The command or query.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Who wants to look.</summary>
    public ReplicaVisit? Visit { get; init; }
}
