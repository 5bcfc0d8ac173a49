// The fan-out over real sockets: TCP between members, NetMQ to the replica and the forwarder, real files. The history is one, so the digests must be equal.

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Client;
using SimGraph.Replication.Fanout.Following;
using SimGraph.Replication.Fanout.Forwarding;
using SimGraph.Replication.Fanout.Publishing;
using SimGraph.Replication.Node;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Production;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Log;
using SimGraph.ZeroMq;
using Xunit;

namespace SimGraph.Tests.Replication.Fanout;

public sealed class RealFanoutTests
{
    private const int Writes = 60;

    [Fact]
    public async Task A_replica_over_zeromq_comes_to_the_digest_of_the_members_over_tcp()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await using var cluster = new LoopbackCluster(3);
        await using var sockets = new NetMqSockets();
        string folder = Directory.CreateTempSubdirectory("simgraph-replica-").FullName;
        NetworkAddress[] addresses = [.. LoopbackCluster.FreePorts(9).Select(port => new NetworkAddress("127.0.0.1", port))];
        var members = new Digests();
        List<CommittedPublisher> publishers = [];
        for (int node = 1; node <= 3; node++)
        {
            IPlatform platform = new ProductionPlatform($"node-{node}", new SocketNetwork(), cluster.Platform(node).Disk, NullLoggerFactory.Instance, sockets);
            var publisher = new CommittedPublisher(platform, new PublisherOptions
            {
                PublishAddress = addresses[(3 * node) - 3],
                ControlAddress = addresses[(3 * node) - 2],
                ForwardAddress = addresses[(3 * node) - 1],
                Cluster = new ClientOptions { Addresses = [.. cluster.Members.Values] },
                BeatInterval = TimeSpan.FromMilliseconds(100),
                ChunkBytes = 200,
            });
            ReplicaNode started = await cluster.StartAsync(node, publisher.Tap(members), platform);
            await publisher.StartAsync(started, cancellation);
            publishers.Add(publisher);
        }

        IPlatform outside = new ProductionPlatform("outside", new SocketNetwork(), new FileSystemDisk(folder), NullLoggerFactory.Instance, sockets);
        var forwarder = new ForwardingClient(outside, new ForwardingOptions
        {
            Name = "test",
            Targets = [.. Enumerable.Range(0, 3).Select(i => new ForwardingTarget(addresses[(3 * i) + 2], addresses[(3 * i) + 1]))],
        });
        GraphClient direct = cluster.Client();
        for (int i = 0; i < Writes; i++)
        {
            var command = new GraphCommand(new CreateNode(LabelSet.Of("n"), PropertyMap.Empty));
            Assert.True((await (i % 2 == 0 ? forwarder.WriteAsync(command, cancellation) : direct.WriteAsync(command, cancellation))).IsApplied);
        }

        // It joins late: by now the log is cut, and it must be sent the whole state.
        var followed = new Digests();
        var replica = new ReadReplica(
            outside,
            new ReadReplicaOptions
            {
                Name = "late",
                Sources = [.. Enumerable.Range(0, 3).Select(i => new FanoutSource(addresses[3 * i], addresses[(3 * i) + 1]))],
                ReportInterval = TimeSpan.FromMilliseconds(100),
            },
            followed);
        await replica.StartAsync(cancellation);
        await followed.ReachAsync(members.Highest, cancellation);
        await forwarder.WriteAsync(new GraphCommand(new CreateNode(LabelSet.Of("n"), PropertyMap.Empty)), cancellation);
        await followed.ReachAsync(members.Highest, cancellation);

        followed.AssertPartOf(members);
        ReplicaAnswer counted = await replica.AskAsync(new CountNodes("n"), cancellation);
        Assert.Equal(new CountAnswer(Writes + 1), counted.Answer);

        await replica.StopAsync();
        await forwarder.StopAsync();
        foreach (CommittedPublisher publisher in publishers)
        {
            await publisher.StopAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The digest at each index that was reached.</summary>
    private sealed class Digests : IReplicaObserver, IReadReplicaObserver
    {
        private readonly ConcurrentDictionary<ulong, UInt128> _digests = new();
        private readonly object _gate = new();
        private TaskCompletionSource? _reached;
        private ulong _wanted;

        public ulong Highest { get; private set; }

        public Task ReachAsync(ulong index, CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                if (Highest >= index)
                {
                    return Task.CompletedTask;
                }

                _wanted = index;
                _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return _reached.Task.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
            }
        }

        public void AssertPartOf(Digests other)
        {
            Assert.NotEmpty(_digests);
            foreach (KeyValuePair<ulong, UInt128> digest in _digests)
            {
                Assert.Equal(other._digests[digest.Key], digest.Value);
            }
        }

        public void Started(HardState hard, LogPosition last, ReplicatedStateMachine state) => Add(state);

        public void Started(ReplicatedStateMachine state) => Add(state);

        public void RoleChanged(ConsensusRole role, ulong term, NodeId? leader)
        {
        }

        public void Committed(LogEntry entry)
        {
        }

        public void Applied(LogEntry entry, ReplicatedStateMachine state) => Add(state);

        public void StateFlushed(LogPosition position)
        {
        }

        public void SnapshotInstalled(LogPosition position, ReplicatedStateMachine state) => Add(state);

        public void StateInstalled(LogPosition position, ReplicatedStateMachine state) => Add(state);

        private void Add(ReplicatedStateMachine state)
        {
            lock (_gate)
            {
                UInt128 digest = state.Digest;
                Assert.Equal(digest, _digests.GetOrAdd(state.AppliedIndex, digest));
                Highest = Math.Max(Highest, state.AppliedIndex);
                if (Highest >= _wanted)
                {
                    _reached?.TrySetResult();
                }
            }
        }
    }
}
