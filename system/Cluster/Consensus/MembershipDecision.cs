namespace SimGraph.Cluster.Consensus;

/// <summary>What a leader says to a <see cref="MembershipChange"/>. Only <see cref="Begun"/> puts anything into the log.</summary>
public enum MembershipDecision
{
    /// <summary>It stands in the log and is in force; it is done when its entry is committed.</summary>
    Begun = 0,

    /// <summary>This node does not lead, or is about to hand its leadership over.</summary>
    NotLeader,

    /// <summary>The change before is not committed yet, or no entry of this leader's term is: ask again soon.</summary>
    NotYet,

    /// <summary>The learner lacks more of the log than one append may carry, or was silent for too long: ask again when it has caught up.</summary>
    NotCaughtUp,

    /// <summary>Nothing would change: the node is there, or has its vote, or is gone already.</summary>
    NoChange,

    /// <summary>The node is no learner, so it cannot be promoted.</summary>
    Unknown,

    /// <summary>The last voter cannot be removed.</summary>
    LastVoter,

    /// <summary>There is no room for another member.</summary>
    Full,
}
