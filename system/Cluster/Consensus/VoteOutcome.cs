namespace SimGraph.Cluster.Consensus;

/// <summary>State of a ballot.</summary>
public enum VoteOutcome
{
    /// <summary>Neither side can be sure yet.</summary>
    Pending = 0,

    /// <summary>A quorum granted.</summary>
    Won = 1,

    /// <summary>So many refused that a quorum can no longer grant.</summary>
    Lost = 2,
}
