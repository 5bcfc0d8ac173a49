namespace SimGraph.Cluster.Discovery;

/// <summary>Something changed.</summary>
/// <param name="Kind">What.</param>
/// <param name="Record">Of whom; of the refused process for <see cref="MemberEventKind.Fenced"/> and <see cref="MemberEventKind.SelfFenced"/>.</param>
/// <param name="Reason">Why it was refused; empty otherwise.</param>
public sealed record MemberEvent(MemberEventKind Kind, MemberRecord Record, string Reason = "");
