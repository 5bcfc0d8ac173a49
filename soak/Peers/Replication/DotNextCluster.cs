using System.Net;
using DotNext.Buffers;
using DotNext.Net;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.Membership;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using SimGraph.Soak.Bench.Replication;

namespace SimGraph.Peers.Replication;

/// <summary>DotNext's Raft over TCP with its write-ahead log; writes are made where the leader is.</summary>
internal sealed class DotNextCluster : IMeasuredCluster
{
    private const int Nodes = 3;
    private static readonly TimeSpan LeaderLimit = TimeSpan.FromSeconds(30);
    private readonly List<RaftCluster> _clusters = [];
    private readonly List<WriteAheadLog> _logs = [];

    private DotNextCluster()
    {
    }

    public static ClusterContender Contender { get; } = new(
        "DotNext 6.12.0",
        "its log flushes before a commit is over: the leader's disk is flushed before it is acknowledged, the followers' when they hear of the commit; applied to nothing; writes made in the leader's own process",
        OpenAsync);

    public Func<byte[], Task> Connect() => async payload =>
    {
        while (true)
        {
            try
            {
                await Leader().ReplicateAsync(new BinaryLogEntry { Content = payload, Term = Leader().Term }, CancellationToken.None);
                return;
            }
            catch (NotLeaderException)
            {
                await Task.Delay(10);
            }
        }
    };

    public async ValueTask DisposeAsync()
    {
        foreach (RaftCluster cluster in _clusters)
        {
            await cluster.StopAsync(CancellationToken.None);
            await cluster.DisposeAsync();
        }

        foreach (WriteAheadLog log in _logs)
        {
            await log.DisposeAsync();
        }
    }

    private static async Task<IMeasuredCluster> OpenAsync(string folder)
    {
        var opened = new DotNextCluster();
        IPEndPoint[] addresses = [.. FreePorts.Take(Nodes).Select(static port => new IPEndPoint(IPAddress.Loopback, port))];
        for (int i = 0; i < Nodes; i++)
        {
            var log = new WriteAheadLog(
                new WriteAheadLog.Options
                {
                    Location = Path.Join(folder, $"node-{i + 1}"),
                    MemoryManagement = WriteAheadLog.MemoryManagementStrategy.PrivateMemory,
                },
                new NoState());
            await log.InitializeAsync();
            var members = new FixedMembers();
            InMemoryClusterConfigurationStorage<EndPoint>.Builder configured = members.CreateInitialConfigurationBuilder();
            configured.UnionWith(addresses);
            configured.Build();
            var configuration = new RaftCluster.TcpConfiguration(addresses[i])
            {
                ConfigurationStorage = members,
                PublicEndPoint = addresses[i],
                ColdStart = false,
                LowerElectionTimeout = 2_000,
                UpperElectionTimeout = 4_000,
                TransmissionBlockSize = 65_536,
            };
            opened._logs.Add(log);
            opened._clusters.Add(new RaftCluster(configuration) { AuditTrail = log });
        }

        await Task.WhenAll(opened._clusters.Select(static cluster => cluster.StartAsync(CancellationToken.None)));
        await opened._clusters[0].WaitForLeaderAsync(LeaderLimit, CancellationToken.None);
        await opened.Connect()([0]);
        return opened;
    }

    private RaftCluster Leader() => _clusters.Find(static cluster => !cluster.LeadershipToken.IsCancellationRequested) ?? _clusters[0];

    private sealed class FixedMembers : InMemoryClusterConfigurationStorage<EndPoint>
    {
        protected override void Encode(EndPoint address, ref BufferWriterSlim<byte> output) => output.WriteEndPoint(address);

        protected override EndPoint Decode(ref SequenceReader reader) => reader.ReadEndPoint();
    }

    private sealed class NoState : IStateMachine
    {
        public ISnapshot? Snapshot => null;

        public ValueTask<long> ApplyAsync(LogEntry entry, CancellationToken token) => ValueTask.FromResult(entry.Index);

        public ValueTask ReclaimGarbageAsync(long watermark, CancellationToken token) => ValueTask.CompletedTask;
    }
}
