namespace SimGraph.RealCluster.Faults;

/// <summary>One kill of a leader.</summary>
/// <param name="Node">Who was killed.</param>
/// <param name="Disturbance">What else went wrong.</param>
/// <param name="Unavailability">How long no write was acknowledged.</param>
internal sealed record KillRecord(int Node, DisturbanceKind Disturbance, TimeSpan Unavailability);
