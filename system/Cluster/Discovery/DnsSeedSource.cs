// Seeds behind names that the name service resolves, again at each call, since what stands behind a name changes. A name that does not resolve, or not in
// time, keeps its last answer: a name service that is down must not take a cluster apart that knows its way.

using Microsoft.Extensions.Logging;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;

namespace SimGraph.Cluster.Discovery;

/// <summary>Seeds by name.</summary>
public sealed class DnsSeedSource : ISeedSource
{
    private readonly object _gate = new();
    private readonly IPlatform _platform;
    private readonly TimeSpan _limit;
    private readonly ILogger _logger;
    private readonly NetworkAddress[] _names;
    private readonly IReadOnlyList<string>[] _hosts;

    /// <param name="platform">Names and clock.</param>
    /// <param name="names">Each a name and the port of every host behind it.</param>
    /// <param name="limit">How long one lookup may take; 3 s when null.</param>
    /// <exception cref="ArgumentException">No names, or one without a port.</exception>
    public DnsSeedSource(IPlatform platform, IEnumerable<NetworkAddress> names, TimeSpan? limit = null)
    {
        ArgumentNullException.ThrowIfNull(platform);
        _platform = platform;
        _names = StaticSeedSource.Check(names);
        _hosts = [.. _names.Select(static _ => Array.Empty<string>())];
        _limit = limit ?? TimeSpan.FromSeconds(3);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_limit, TimeSpan.Zero, nameof(limit));
        _logger = platform.Logging.CreateLogger("SimGraph.Discovery");
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<NetworkAddress>> FindAsync(CancellationToken cancellationToken)
    {
        var seeds = new List<NetworkAddress>();
        for (int i = 0; i < _names.Length; i++)
        {
            foreach (string host in await ResolveAsync(i, cancellationToken))
            {
                var seed = new NetworkAddress(host, _names[i].Port);
                if (seeds.Count < ISeedSource.SeedsMax && !seeds.Contains(seed))
                {
                    seeds.Add(seed);
                }
            }
        }

        return seeds;
    }

    private async Task<IReadOnlyList<string>> ResolveAsync(int index, CancellationToken cancellationToken)
    {
        string failure;
        using var deadline = Deadline.After(_platform.Clock, _limit, cancellationToken);
        try
        {
            IReadOnlyList<string> hosts = await _platform.Names.ResolveAsync(_names[index].Host, deadline.Token);
            lock (_gate)
            {
                _hosts[index] = hosts;
            }

            return hosts;
        }
        catch (NetworkException exception)
        {
            failure = exception.Message;
        }
        catch (OperationCanceledException) when (deadline.Expired)
        {
            failure = $"no answer within {_limit.TotalSeconds:0.###} s";
        }

        ClusterLog.NameNotResolved(_logger, _names[index].Host, failure);
        _platform.Probes.Reachable("discovery.name-not-resolved");
        lock (_gate)
        {
            return _hosts[index];
        }
    }
}
