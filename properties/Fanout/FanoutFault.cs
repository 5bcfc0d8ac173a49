namespace SimGraph.Properties.Fanout;

/// <summary>A line of the script.</summary>
/// <param name="At">When, since the run began.</param>
/// <param name="Kind">What.</param>
/// <param name="Machine">Ordinal of the machine, members first, then read replicas, then forwarders.</param>
/// <param name="Other">Ordinal of the other machine of a link.</param>
/// <param name="Duration">How long.</param>
public sealed record FanoutFault(TimeSpan At, FanoutFaultKind Kind, int Machine, int Other, TimeSpan Duration);
