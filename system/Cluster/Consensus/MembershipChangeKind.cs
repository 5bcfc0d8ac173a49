namespace SimGraph.Cluster.Consensus;

/// <summary>What a <see cref="MembershipChange"/> does. Values are part of the wire format.</summary>
public enum MembershipChangeKind : byte
{
    /// <summary>Adds a node that gets the log and has no vote.</summary>
    AddLearner = 1,

    /// <summary>Gives a learner a vote.</summary>
    Promote = 2,

    /// <summary>Removes a voter or learner, the leader among them.</summary>
    Remove = 3,
}
