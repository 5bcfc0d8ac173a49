using SimGraph.Runtime.Network;

namespace SimGraph.Cluster.Discovery;

/// <summary>Where a node that knows nobody begins to ask. Thread-safe.</summary>
public interface ISeedSource
{
    /// <summary>Most seeds that any source gives.</summary>
    const int SeedsMax = 64;

    /// <summary>The discovery addresses to announce to, each once, in a fixed order; possibly none. Does not fail because a service cannot be reached.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<IReadOnlyList<NetworkAddress>> FindAsync(CancellationToken cancellationToken);
}
