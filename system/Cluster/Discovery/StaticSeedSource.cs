using SimGraph.Runtime.Network;

namespace SimGraph.Cluster.Discovery;

/// <summary>A fixed list of seeds.</summary>
public sealed class StaticSeedSource : ISeedSource
{
    private readonly NetworkAddress[] _seeds;

    /// <param name="seeds">At most <see cref="ISeedSource.SeedsMax"/>.</param>
    /// <exception cref="ArgumentException">Too many, or one without a host or port.</exception>
    public StaticSeedSource(IEnumerable<NetworkAddress> seeds)
    {
        _seeds = Check(seeds);
    }

    /// <summary>Each once, if they make sense.</summary>
    internal static NetworkAddress[] Check(IEnumerable<NetworkAddress> seeds)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        NetworkAddress[] distinct = [.. seeds.Distinct()];
        if (distinct.Length > ISeedSource.SeedsMax)
        {
            throw new ArgumentException($"{distinct.Length} seeds; at most {ISeedSource.SeedsMax} are allowed", nameof(seeds));
        }

        foreach (NetworkAddress seed in distinct)
        {
            if (string.IsNullOrEmpty(seed.Host) || seed.Port is < 1 or > 65535)
            {
                throw new ArgumentException($"seed '{seed}' has no host or no port", nameof(seeds));
            }
        }

        return distinct;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<NetworkAddress>> FindAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<NetworkAddress>>(_seeds);
    }
}
