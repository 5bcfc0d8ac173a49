namespace SimGraph.Cluster.Consensus;

/// <summary>What a leader says to the wish that another node leads.</summary>
public enum TransferDecision
{
    /// <summary>It is under way: nothing is proposed until the target leads, or an election timeout has passed.</summary>
    Begun = 0,

    /// <summary>This node does not lead.</summary>
    NotLeader,

    /// <summary>The target leads already.</summary>
    NoChange,

    /// <summary>Another transfer is under way.</summary>
    NotYet,

    /// <summary>The target is no voter.</summary>
    Unknown,

    /// <summary>The target lacks more of the log than one append may carry, or was silent for too long.</summary>
    NotCaughtUp,
}
