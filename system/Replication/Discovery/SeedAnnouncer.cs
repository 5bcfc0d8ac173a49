// Announcements to the seeds: at once, then again and again. They are how a node that knows nobody becomes known, how it learns whom there is, and how two
// halves of a cluster that have forgotten each other meet again.

using Microsoft.Extensions.Logging;
using SimGraph.Cluster.Discovery;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;

namespace SimGraph.Replication.Discovery;

/// <summary>Announces this node to the seeds.</summary>
internal sealed class SeedAnnouncer(
    IPlatform platform, DiscoveryOptions options, ISeedSource seeds, MemberBoard board, TaskScope scope, ILogger logger)
{
    /// <summary>Begins.</summary>
    public void Start() => scope.Run("announce", AnnounceAsync);

    private async Task AnnounceAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            IReadOnlyList<NetworkAddress> addresses = await seeds.FindAsync(cancellationToken);
            var asked = new List<Task>();
            foreach (NetworkAddress address in addresses.Take(ISeedSource.SeedsMax))
            {
                if (address != board.Own.DiscoveryAddress)
                {
                    try
                    {
                        asked.Add(scope.Run("seed", token => AnnounceAsync(address, token)).Completion);
                    }
                    catch (ScopeStoppedException)
                    {
                        // The stop comes in between; the next wait ends by it.
                        break;
                    }
                }
            }

            await Join.AllAsync(asked);
            bool isLonely = board.Snapshot().Healthy.Count == 1;
            await platform.Clock.DelayAsync(isLonely ? options.LonelyAnnounceInterval : options.AnnounceInterval, cancellationToken);
        }
    }

    private async Task AnnounceAsync(NetworkAddress address, CancellationToken cancellationToken)
    {
        try
        {
            await using DiscoveryConnection connection = await DiscoveryConnection.DialAsync(platform, address, options.DialLimit, cancellationToken);
            var request = new DiscoveryRequest(DiscoveryRequest.CurrentVersion, options.ClusterId, To: 0, WantsList: true, board.Own);
            (DiscoveryAnswer answer, TimeSpan askedAt) = await connection.AskAsync(request, options.ExchangeLimit, cancellationToken);
            board.Take(answer, askedAt);
        }
        catch (Exception exception) when (DiscoveryFailure.IsExpected(exception))
        {
            platform.Probes.Reachable("discovery.seed-failed");
            DiscoveryLog.SeedFailed(logger, address, exception.Message);
        }
    }
}
