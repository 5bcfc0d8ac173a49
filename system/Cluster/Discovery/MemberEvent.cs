namespace SimGraph.Cluster.Discovery;

/// <summary>Something changed.</summary>
/// <param name="Kind">What.</param>
/// <param name="Record">Of whom; of the refused process when one is fenced; of the rival, if it is known, when this node is.</param>
/// <param name="Reason">Why it was refused; empty otherwise.</param>
public sealed record MemberEvent(MemberEventKind Kind, MemberRecord Record, string Reason = "");
