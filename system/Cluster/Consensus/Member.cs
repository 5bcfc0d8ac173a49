namespace SimGraph.Cluster.Consensus;

/// <summary>One member of a cluster, as its configuration names it.</summary>
/// <param name="Id">Who it is.</param>
/// <param name="Address">Where the others and clients reach it; text that consensus does not look at.</param>
/// <param name="Priority">Among voters whose logs are equal the one with the highest priority is to lead.</param>
public sealed record Member(NodeId Id, string Address, byte Priority = 0);
