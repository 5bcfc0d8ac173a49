namespace SimGraph.Cluster.Consensus;

/// <summary>What a node is in its current term.</summary>
public enum ConsensusRole
{
    /// <summary>Takes entries from a leader, or waits for one.</summary>
    Follower = 0,

    /// <summary>Asks whether an election could be won, without raising its term.</summary>
    PreCandidate = 1,

    /// <summary>Asks for votes in its own, new term.</summary>
    Candidate = 2,

    /// <summary>Won the votes of a quorum in this term.</summary>
    Leader = 3,
}
