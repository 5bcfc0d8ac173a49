using SimGraph.Cluster.Consensus;

namespace SimGraph.Replication.Client;

/// <summary>Who belongs to a cluster.</summary>
/// <param name="Index">Index of the log entry that says so; 0 for the membership that the cluster began with.</param>
/// <param name="Membership">Its members.</param>
public sealed record ClusterDescription(ulong Index, Membership Membership);
