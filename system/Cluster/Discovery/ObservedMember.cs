using SimGraph.Cluster.Consensus;

namespace SimGraph.Cluster.Discovery;

/// <summary>A member as one observer sees it. Times are of the observer's monotonic clock.</summary>
/// <param name="Record">The newest record known.</param>
/// <param name="State">From direct evidence alone.</param>
/// <param name="KnownSince">When this epoch of it was first spoken of.</param>
/// <param name="FirstHeard">First direct evidence of this epoch; null if there is none.</param>
/// <param name="LastHeard">Newest direct evidence of this epoch; null if there is none.</param>
public sealed record ObservedMember(MemberRecord Record, MemberState State, TimeSpan KnownSince, TimeSpan? FirstHeard, TimeSpan? LastHeard)
{
    /// <summary>Who.</summary>
    public NodeId Node => Record.Node;

    /// <summary>True as long as it is not given up: alive, or suspect.</summary>
    public bool IsHealthy => State is MemberState.Alive or MemberState.Suspect;
}
