using SimGraph.Runtime.Network;

namespace SimGraph.Cluster.Discovery;

/// <summary>The seeds of several sources, in their order.</summary>
public sealed class CombinedSeedSource(params IReadOnlyList<ISeedSource> sources) : ISeedSource
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<NetworkAddress>> FindAsync(CancellationToken cancellationToken)
    {
        var seeds = new List<NetworkAddress>();
        foreach (ISeedSource source in sources)
        {
            foreach (NetworkAddress seed in await source.FindAsync(cancellationToken))
            {
                if (seeds.Count < ISeedSource.SeedsMax && !seeds.Contains(seed))
                {
                    seeds.Add(seed);
                }
            }
        }

        return seeds;
    }
}
