// The members that a client asks: those that it was given, and those that discovery found last. Discovery is asked again when a whole round brought nothing, each time beginning with the next
// seed, since the first one may be cut off from the cluster and know only itself.

using System.Collections.Immutable;
using SimGraph.Cluster.Discovery;
using SimGraph.Replication.Discovery;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;

namespace SimGraph.Replication.Client;

/// <summary>Whom to ask next. Not thread-safe.</summary>
internal sealed class MemberList(IPlatform platform, ClientOptions options, Random jitter)
{
    private ImmutableArray<NetworkAddress> _addresses = options.Addresses;
    private int _next = -1;
    private int _fruitless;
    private int _looks;

    /// <summary>Members that are known.</summary>
    public int Count => _addresses.Length;

    /// <summary>An attempt is over.</summary>
    /// <param name="isServed">Whether it brought an answer.</param>
    public void Tried(bool isServed) => _fruitless = isServed ? 0 : _fruitless + 1;

    /// <summary>Asks discovery for the members, if it is time to.</summary>
    /// <exception cref="NetworkException">No member is known, and no seed answers.</exception>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (options.Seeds is not { } seeds || (Count > 0 && _fruitless < Count))
        {
            return;
        }

        _fruitless = 0;
        using var deadline = Deadline.After(platform.Clock, options.RequestLimit, cancellationToken);
        try
        {
            IReadOnlyList<MemberRecord> found = await DiscoveryQuery.FindAsync(platform, options.ClusterId, seeds, _looks++ & int.MaxValue, deadline.Token);
            _addresses = [.. found.Select(static member => member.Address).Concat(options.Addresses).Distinct()];
            _next = -1;
            platform.Probes.Reachable("client.found-members");
        }
        catch (Exception exception) when (Count > 0 && (exception is NetworkException || (exception is OperationCanceledException && deadline.Expired)))
        {
            // Those that are known may serve again.
        }
    }

    /// <summary>The next one. Clients start at different members, then go round.</summary>
    public NetworkAddress Next()
    {
        _next = _next < 0 ? jitter.Next(Count) : (_next + 1) % Count;
        return _addresses[_next];
    }
}
