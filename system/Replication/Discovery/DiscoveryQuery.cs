using SimGraph.Cluster.Discovery;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Discovery;

/// <summary>Asks for the members without being one: for client libraries and tools.</summary>
public static class DiscoveryQuery
{
    private static readonly TimeSpan DialLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ExchangeLimit = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Asks the seeds, in their order, until one answers: that one, and those whom it finds healthy, in order of their ids. Their addresses are what a
    /// client library is to be given.
    /// </summary>
    /// <exception cref="NetworkException">No seed answered; the message says why, of each.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<IReadOnlyList<MemberRecord>> FindAsync(
        IPlatform platform, string clusterId, ISeedSource seeds, CancellationToken cancellationToken) =>
        await FindAsync(platform, clusterId, seeds, 0, cancellationToken);

    /// <summary>The same, beginning with another seed: who asks again should not get the answer of the same one again.</summary>
    internal static async Task<IReadOnlyList<MemberRecord>> FindAsync(
        IPlatform platform, string clusterId, ISeedSource seeds, int first, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(clusterId);
        ArgumentNullException.ThrowIfNull(seeds);
        var failures = new List<string>();
        IReadOnlyList<NetworkAddress> addresses = await seeds.FindAsync(cancellationToken);
        for (int i = 0; i < addresses.Count; i++)
        {
            NetworkAddress seed = addresses[((first % addresses.Count) + i) % addresses.Count];
            try
            {
                await using DiscoveryConnection connection = await DiscoveryConnection.DialAsync(platform, seed, DialLimit, cancellationToken);
                var request = new DiscoveryRequest(DiscoveryRequest.CurrentVersion, clusterId, To: 0, WantsList: true, Announced: null);
                (DiscoveryAnswer answer, _) = await connection.AskAsync(request, ExchangeLimit, cancellationToken);
                return [.. answer.Others.Append(answer.Own!).OrderBy(static record => record.Node)];
            }
            catch (Exception exception) when (DiscoveryFailure.IsExpected(exception))
            {
                failures.Add(exception.Message);
            }
        }

        throw new NetworkException(
            NetworkError.Unreachable, failures.Count == 0 ? "there is no seed to ask for the members" : $"no seed answered: {string.Join("; ", failures)}");
    }
}
