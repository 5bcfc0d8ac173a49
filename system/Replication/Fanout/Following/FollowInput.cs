namespace SimGraph.Replication.Fanout.Following;

/// <summary>One input of a read replica's loop: a payload of a socket, a query, or, when both are missing, a tick.</summary>
/// <param name="Payload">What arrived.</param>
/// <param name="IsControl">Whether it came over the DEALER.</param>
/// <param name="Link">Number of the link over which it came.</param>
/// <param name="Query">What is asked.</param>
internal readonly record struct FollowInput(ReadOnlyMemory<byte> Payload, bool IsControl, int Link, ReplicaQuery? Query);
