// One member publishes over NetMQ to read replicas in the same process, while clients write as fast as they can: how much of that reaches every replica, and how far behind they get.

using System.Collections.Immutable;
using System.Diagnostics;
using SimGraph.Replication.Fanout.Following;
using SimGraph.Replication.Fanout.Publishing;
using SimGraph.Runtime.Network;
using SimGraph.ZeroMq;

namespace SimGraph.Soak.Bench.Replication;

/// <summary>Measures the fan-out.</summary>
internal sealed class FanoutBench(TimeSpan length)
{
    public const int Clients = 64;

    private static readonly TimeSpan SampleInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Floods so many read replicas.</summary>
    public async Task<FanoutRate> MeasureAsync(string folder, int replicas)
    {
        await using var sockets = new NetMqSockets();
        NetworkAddress[] addresses = [.. FreePorts.Take(3).Select(static port => new NetworkAddress("127.0.0.1", port))];
        CommittedPublisher? publisher = null;
        var leader = new AppliedWatch(ulong.MaxValue);
        await using SimGraphCluster cluster = await SimGraphCluster.OpenAsync(
            folder,
            nodes: 1,
            (_, platform) =>
            {
                publisher = new CommittedPublisher(platform, new PublisherOptions
                {
                    PublishAddress = addresses[0], ControlAddress = addresses[1], ForwardAddress = addresses[2], Cluster = new() { Addresses = [addresses[0]] },
                });
                return publisher.Tap(leader);
            },
            sockets);
        await publisher!.StartAsync(cluster.Nodes[0], CancellationToken.None);
        var followers = new List<(ReadReplica Replica, AppliedWatch Watch)>();
        for (int number = 1; number <= replicas; number++)
        {
            var watch = new AppliedWatch(ulong.MaxValue);
            var replica = new ReadReplica(
                cluster.Platform($"replica-{number}", sockets),
                new ReadReplicaOptions { Name = $"replica-{number}", Sources = [new FanoutSource(addresses[0], addresses[1])] },
                watch);
            await replica.StartAsync(CancellationToken.None);
            followers.Add((replica, watch));
        }

        FanoutRate rate = await FloodAsync(cluster, leader, [.. followers.Select(static follower => follower.Watch)]);
        foreach ((ReadReplica replica, _) in followers)
        {
            await replica.StopAsync();
        }

        await publisher.StopAsync();
        return rate;
    }

    private async Task<FanoutRate> FloodAsync(SimGraphCluster cluster, AppliedWatch leader, ImmutableArray<AppliedWatch> watches)
    {
        while (watches.Any(watch => watch.Applied < leader.Applied))
        {
            await Task.Delay(SampleInterval);
        }

        ulong before = leader.Applied;
        long begun = Stopwatch.GetTimestamp();
        byte[] payload = new byte[WriteBench.PayloadBytes];
        Task<long[]> writing = Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => cluster.Connect()).ToArray().Select(write => Task.Run(() => WriteAsync(write, payload, begun))));
        ulong lag = 0;
        while (!writing.IsCompleted)
        {
            await Task.Delay(SampleInterval);
            ulong applied = leader.Applied;
            lag = Math.Max(lag, applied - Math.Min(applied, watches.Min(static watch => watch.Applied)));
        }

        long writes = (await writing).Sum();
        TimeSpan written = Stopwatch.GetElapsedTime(begun);
        ulong last = leader.Applied;
        while (watches.Any(watch => watch.Applied < last))
        {
            await Task.Delay(1);
        }

        TimeSpan all = Stopwatch.GetElapsedTime(begun);
        return new FanoutRate(watches.Length, writes / written.TotalSeconds, (last - before) * (double)watches.Length / all.TotalSeconds, all - written, lag);
    }

    private async Task<long> WriteAsync(Func<byte[], Task> write, byte[] payload, long begun)
    {
        long writes = 0;
        for (; Stopwatch.GetElapsedTime(begun) < length; writes++)
        {
            await write(payload);
        }

        return writes;
    }
}
