namespace SimGraph.Properties.Cluster.Plan;

/// <summary>How nodes and clients find each other by discovery.</summary>
/// <param name="FoundersByNumber">Whether the founders are told each other's numbers only, and clients no member at all.</param>
/// <param name="MovePercent">How often a node that boots again does so at another address, in percent.</param>
public sealed record FindingPlan(bool FoundersByNumber, int MovePercent);
