namespace SimGraph.Properties.Cluster.Plan;

/// <summary>Scripts of several steps, each of which waits until the logs of the cluster are in a certain state.</summary>
public enum ManeuverKind
{
    /// <summary>
    /// Cut the leader from its peers, but not from its clients, until another has committed something; then crash that one and let the first return, with a log that may be the longer
    /// and is the older.
    /// </summary>
    FormerLeaderReturns,

    /// <summary>
    /// Let two leaders alternate, each with entries that it alone holds, and the first replicate its old ones, but none of its new term, before the second comes back (the Raft paper's figure 8).
    /// </summary>
    LeadersAlternate,

    /// <summary>
    /// Slow the leader's clock down to a crawl and cut it from its peers, but not from its clients: it does not notice that it is alone, while another leads. Only without leases, whose bound of
    /// drift it breaks.
    /// </summary>
    SlowLeaderStays,

    /// <summary>
    /// Leave the leader no more followers than it needs, let the disk of one of them hang until entries wait for it, and stop that one gracefully: what it then still acknowledges decides.
    /// </summary>
    FollowerStopsWhileItWrites,
}
