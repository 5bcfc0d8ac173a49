namespace SimGraph.Replication.Client;

/// <summary>How the leader makes sure, before it answers a query, that it still leads.</summary>
public enum ReadMode
{
    /// <summary>It asks a quorum. Clocks decide nothing.</summary>
    Quorum = 0,

    /// <summary>
    /// By its lease, without asking, if the members were told a bound on the drift of their clocks and the lease holds; otherwise it asks. Linearizable as long as the bound is kept.
    /// </summary>
    Lease = 1,
}
