// After the servers have stopped: opens the nodes' folders with replicas in this process, lets them agree, and compares what each of them holds with what clients were told,
// element by element, and the digests with each other and with a scan of everything.

using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using SimGraph.Cluster.Consensus;
using SimGraph.RealCluster.Processes;
using SimGraph.RealCluster.Proxy;
using SimGraph.RealCluster.Work;
using SimGraph.Replication.Node;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Production;
using SimGraph.Storage.Graph;

namespace SimGraph.RealCluster;

/// <summary>What must hold at the end of a run.</summary>
internal sealed class FinalCheck(RealClusterOptions options, ServerCluster cluster)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Stops the servers; each must end in time, with exit code 0, and leave nothing but its files.</summary>
    public async Task StopServersAsync()
    {
        int?[] codes = await Task.WhenAll(cluster.Nodes.Select(node => node.TerminateAsync(options.StopLimit)));
        for (int i = 0; i < codes.Length; i++)
        {
            if (codes[i] != 0)
            {
                throw new ClusterFailureException(
                    $"node {i + 1} {(codes[i] is { } code ? $"ended with exit code {code}" : $"did not end within {options.StopLimit}")} after SIGTERM:\n{cluster.Nodes[i].LastLines}");
            }
        }

        foreach (int port in cluster.Ports)
        {
            using System.Net.Sockets.Socket free = LoopbackPorts.TryListen(port) ?? throw new ClusterFailureException($"port {port} is still in use");
        }

        string[] temporary = [.. Directory.EnumerateFiles(cluster.Folder, "*.tmp", SearchOption.AllDirectories)];
        if (temporary.Length > 0)
        {
            throw new ClusterFailureException($"temporary files are left: {string.Join(", ", temporary)}");
        }
    }

    /// <summary>Compares all replicas with each other and with what the rounds expect. Returns how many elements were compared on each.</summary>
    public async Task<long> CompareAsync(IReadOnlyList<Round> rounds, CancellationToken cancellationToken)
    {
        Replica[] replicas = [.. Enumerable.Range(1, options.Nodes).Select(Open)];
        try
        {
            await Task.WhenAll(replicas.Select(replica => replica.Node.StartAsync(cancellationToken)));
            await AgreeAsync(replicas, cancellationToken);
            long compared = 0;
            foreach (Replica replica in replicas)
            {
                compared = await CheckAsync(replica, rounds, cancellationToken);
            }

            UInt128[] digests = [.. replicas.Select(static replica => replica.State!.Digest)];
            return digests.Distinct().Count() == 1
                ? compared
                : throw new ClusterFailureException($"the replicas' digests differ: {string.Join(", ", digests.Select(static digest => digest.ToString("x", CultureInfo.InvariantCulture)))}");
        }
        finally
        {
            foreach (Replica replica in replicas)
            {
                await replica.Node.StopAsync();
            }
        }
    }

    private Replica Open(int number)
    {
        var replica = new Replica();
        ImmutableSortedDictionary<NodeId, NetworkAddress> members = Enumerable.Range(1, options.Nodes).ToImmutableSortedDictionary(
            static member => new NodeId(member), member => new NetworkAddress("127.0.0.1", cluster.Proxy.PortOf(FaultProxy.Clients, member)));
        var self = new NodeId(number);
        var replicaOptions = new ReplicaOptions
        {
            Self = self,
            Members = members,
            ListenAddress = new NetworkAddress("127.0.0.1", cluster.Ports[number - 1]),
            HeartbeatInterval = TimeSpan.FromMilliseconds(200),
            ElectionTimeout = TimeSpan.FromSeconds(1),
        };
        var platform = new ProductionPlatform(
            string.Create(CultureInfo.InvariantCulture, $"check-{number}"), new SocketNetwork(), new FileSystemDisk(cluster.FolderOf(number)), NullLoggerFactory.Instance);
        replica.Node = new ReplicaNode(platform, replicaOptions, replica);
        return replica;
    }

    /// <summary>All have applied the log of one leader to its end.</summary>
    private async Task AgreeAsync(Replica[] replicas, CancellationToken cancellationToken)
    {
        long since = Stopwatch.GetTimestamp();
        while (true)
        {
            ReplicaStatus[] statuses = [.. replicas.Select(static replica => replica.Node.Status)];
            ReplicaStatus? leader = Array.Find(statuses, static status => status.Role == ConsensusRole.Leader);
            if (leader is not null
                && leader.AppliedIndex == leader.Last.Index
                && leader.Last.Term == leader.Term
                && Array.TrueForAll(statuses, status => status.Term == leader.Term && status.AppliedIndex == leader.AppliedIndex))
            {
                return;
            }

            if (Stopwatch.GetElapsedTime(since) > options.RecoveryLimit)
            {
                throw new ClusterFailureException($"the replicas do not agree within {options.RecoveryLimit}:\n{string.Join<ReplicaStatus>('\n', statuses)}");
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    private static async Task<long> CheckAsync(Replica replica, IReadOnlyList<Round> rounds, CancellationToken cancellationToken)
    {
        string who = $"node {replica.Node.Status.Self.Value}";
        ReplicatedStateMachine state = replica.State!;
        GraphVerification verification = await state.VerifyAsync(cancellationToken);
        if (!verification.IsSound)
        {
            throw new ClusterFailureException($"{who}: {string.Join("; ", verification.Problems)}");
        }

        long compared = 0;
        foreach (Round round in rounds)
        {
            foreach (Cell cell in round.Cells)
            {
                GraphAnswer answer = await state.Graph.AskAsync(new GetNode(cell.Node), at: null, cancellationToken);
                if (answer is not NodeAnswer { Node: { } node } || !cell.Allows(RealClient.ValueIn(node, cell.Key)))
                {
                    throw new ClusterFailureException($"{who}, round {round.Number}: {cell.NodeName}.{cell.Key} was {cell.Final} when the round had ended, and is in {answer}");
                }

                compared++;
            }

            foreach ((string name, ElementId item) in round.Items)
            {
                GraphAnswer answer = await state.Graph.AskAsync(new GetNode(item), at: null, cancellationToken);
                if (RealClient.NameIn(answer) != name)
                {
                    throw new ClusterFailureException($"{who}, round {round.Number}: item {name} was there when the round had ended, and is now {answer}");
                }

                compared++;
            }
        }

        return compared;
    }

    private sealed class Replica : IReplicaObserver
    {
        private volatile ReplicatedStateMachine? _state;

        public ReplicaNode Node { get; set; } = null!;

        public ReplicatedStateMachine? State => _state;

        public void Started(HardState hard, Storage.Log.LogPosition last, ReplicatedStateMachine state) => _state = state;

        public void RoleChanged(ConsensusRole role, ulong term, NodeId? leader)
        {
        }

        public void Committed(Storage.Log.LogEntry entry)
        {
        }

        public void Applied(Storage.Log.LogEntry entry, ReplicatedStateMachine state)
        {
        }

        public void StateFlushed(Storage.Log.LogPosition position)
        {
        }

        public void SnapshotInstalled(Storage.Log.LogPosition position, ReplicatedStateMachine state) => _state = state;
    }
}
