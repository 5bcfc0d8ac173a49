// Kills leaders, one after the other, each time in other circumstances. All that it decides is drawn from the seed; when it happens is up to a real kernel, so a seed brings
// back the script and not the run. Between two kills every node is up, every fault is over, and clients have got a write acknowledged.

using System.Diagnostics;
using SimGraph.RealCluster.Processes;
using SimGraph.RealCluster.Work;

namespace SimGraph.RealCluster.Faults;

/// <summary>The faults of a run.</summary>
internal sealed class Nemesis(RealClusterOptions options, ServerCluster cluster, Acknowledgements acknowledgements)
{
    private const int PlainPercent = 50;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(2);
    private static readonly DisturbanceKind[] Kinds = [.. Enum.GetValues<DisturbanceKind>().Where(static kind => kind != DisturbanceKind.None)];
    private readonly Random _random = new(options.Seed);

    /// <summary>Kills the leader once, and waits until all is well again.</summary>
    /// <exception cref="ClusterFailureException">It did not get well in time.</exception>
    public async Task<KillRecord> KillAsync(CancellationToken cancellationToken)
    {
        // Drawn first and always, so that the script does not depend on what happens.
        bool isPlain = _random.Next(100) < PlainPercent;
        DisturbanceKind kind = Kinds[_random.Next(Kinds.Length)];
        int ordinal = _random.Next(1, options.Nodes);
        double amount = _random.NextDouble();
        TimeSpan before = options.ElectionTimeout * _random.NextDouble();
        TimeSpan lead = options.ElectionTimeout * _random.NextDouble() * (kind is DisturbanceKind.PauseLeader or DisturbanceKind.Isolation ? 4 : 1.5);
        TimeSpan after = options.ElectionTimeout * 3 * _random.NextDouble();
        TimeSpan down = options.ElectionTimeout * 2 * _random.NextDouble();

        ServerNode leader = await LeaderAsync(cancellationToken);
        await Task.Delay(before, cancellationToken);
        leader = cluster.Leader ?? leader;
        ServerNode other = cluster.Nodes[(leader.Number - 1 + ordinal) % options.Nodes];
        var disturbance = new Disturbance(cluster, isPlain || !IsBearable(kind) ? DisturbanceKind.None : kind, leader, other, amount);
        await disturbance.BeginAsync();
        if (disturbance.Kind != DisturbanceKind.None)
        {
            await Task.Delay(lead, cancellationToken);
        }

        ServerNode killed = cluster.Leader ?? leader;
        long moment = Stopwatch.GetTimestamp();
        await killed.KillAsync();
        if (disturbance.Kind != DisturbanceKind.None)
        {
            await Task.Delay(after, cancellationToken);
        }

        await disturbance.EndAsync();
        await Task.Delay(down, cancellationToken);
        await killed.StartAsync();
        await RecoveryAsync(moment, $"{after} after the kill of node {killed.Number} with {disturbance}", cancellationToken);
        return new KillRecord(killed.Number, disturbance.Kind, acknowledgements.TakeSilence(moment));
    }

    /// <summary>Waits until a write that began after a moment is acknowledged.</summary>
    public async Task RecoveryAsync(long moment, string what, CancellationToken cancellationToken)
    {
        long since = Stopwatch.GetTimestamp();
        while (!acknowledgements.HasNewerThan(moment))
        {
            if (Stopwatch.GetElapsedTime(since) > options.RecoveryLimit)
            {
                throw new ClusterFailureException($"no write is acknowledged within {options.RecoveryLimit}, {what}");
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    // With three nodes the majority must outlive the second kill.
    private bool IsBearable(DisturbanceKind kind) => kind != DisturbanceKind.KillFollower || options.Nodes > 3;

    private async Task<ServerNode> LeaderAsync(CancellationToken cancellationToken)
    {
        long since = Stopwatch.GetTimestamp();
        while (true)
        {
            if (cluster.Leader is { } leader)
            {
                return leader;
            }

            if (Stopwatch.GetElapsedTime(since) > options.RecoveryLimit)
            {
                throw new ClusterFailureException($"no node leads within {options.RecoveryLimit}");
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }
}
