using SimGraph.Cluster.Consensus;

namespace SimGraph.Replication.Node;

/// <summary>How far a follower is behind, as far as its leader knows.</summary>
/// <param name="Follower">The voter or learner.</param>
/// <param name="Entries">Entries of the leader's log that it is not known to hold durably. Of a leader that was just elected that is all of them, until the follower has answered.</param>
/// <param name="Time">
/// How long ago, on the leader's monotonic clock, the leader's log was what the follower is known to hold now; zero when that is all of it. It counts from when the leader was elected, or added the
/// follower, and says too much by a round trip at most.
/// </param>
public readonly record struct FollowerLag(NodeId Follower, ulong Entries, TimeSpan Time);
