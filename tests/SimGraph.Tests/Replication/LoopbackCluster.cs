using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Client;
using SimGraph.Replication.Node;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Production;
using SimGraph.Storage.Graph;
using Xunit;

namespace SimGraph.Tests.Replication;

/// <summary>Nodes in this process, over real sockets and in a temporary folder.</summary>
internal sealed class LoopbackCluster : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("simgraph-").FullName;
    private readonly SortedDictionary<int, ReplicaNode> _nodes = [];
    private readonly List<GraphClient> _clients = [];

    private readonly List<ClusterAdministrator> _administrators = [];
    private readonly int _founders;

    /// <param name="size">Nodes with addresses.</param>
    /// <param name="founders">How many of them the cluster begins with; the others wait to be added. Zero: all.</param>
    public LoopbackCluster(int size, int founders = 0)
    {
        _founders = founders == 0 ? size : founders;
        ImmutableSortedDictionary<NodeId, NetworkAddress>.Builder members = ImmutableSortedDictionary.CreateBuilder<NodeId, NetworkAddress>();
        int node = 0;
        foreach (int port in FreePorts(size))
        {
            members.Add(new NodeId(++node), new NetworkAddress("127.0.0.1", port));
        }

        Members = members.ToImmutable();
    }

    public ImmutableSortedDictionary<NodeId, NetworkAddress> Members { get; }

    public IReadOnlyDictionary<int, ReplicaNode> Nodes => _nodes;

    public double? LeaseDriftBound { get; init; }

    public ReplicaOptions Options(int node) => new()
    {
        Self = new NodeId(node),
        Members = node <= _founders
            ? Members.Where(member => member.Key.Value <= _founders).ToImmutableSortedDictionary()
            : ImmutableSortedDictionary<NodeId, NetworkAddress>.Empty,
        AdvertisedAddress = Members.GetValueOrDefault(new NodeId(node)),
        LeaseDriftBound = LeaseDriftBound,
        HeartbeatInterval = TimeSpan.FromMilliseconds(50),
        ElectionTimeout = TimeSpan.FromMilliseconds(300),
        FlushEntries = 10,
        SnapshotChunkBytes = 100,
    };

    /// <summary>What connects a node, or the clients for node 0; sockets unless it is given.</summary>
    public Func<int, INetwork> NetworkOf { get; init; } = static _ => new SocketNetwork();

    public IPlatform Platform(int node) => new ProductionPlatform(
        $"node-{node}", NetworkOf(node), new FileSystemDisk(Path.Combine(_directory, $"node-{node}")), NullLoggerFactory.Instance);

    /// <summary>The platform of a node, with another disk around its own.</summary>
    public IPlatform Platform(int node, Func<IDisk, IDisk> around) => new ProductionPlatform(
        $"node-{node}", new SocketNetwork(), around(Platform(node).Disk), NullLoggerFactory.Instance);

    public async Task<ReplicaNode> StartAsync(int node, IReplicaObserver? observer = null, IPlatform? platform = null)
    {
        var started = new ReplicaNode(platform ?? Platform(node), Options(node), observer);
        _nodes[node] = started;
        await started.StartAsync(TestContext.Current.CancellationToken);
        return started;
    }

    public async Task StopAsync(int node)
    {
        await _nodes[node].StopAsync();
        _nodes.Remove(node);
    }

    public async Task StopAllAsync()
    {
        await Task.WhenAll(_nodes.Values.Select(node => node.StopAsync()).ToArray());
        _nodes.Clear();
    }

    public GraphClient Client(string clusterId = "simgraph")
    {
        var client = new GraphClient(Platform(0), ClientOptions(clusterId));
        _clients.Add(client);
        return client;
    }

    public ClusterAdministrator Administrator()
    {
        var administrator = new ClusterAdministrator(Platform(0), ClientOptions("simgraph"));
        _administrators.Add(administrator);
        return administrator;
    }

    private ClientOptions ClientOptions(string clusterId) => new()
    {
        Addresses = [.. Members.Values],
        ClusterId = clusterId,
    };

    /// <summary>The node that leads. On a busy machine leaders come and go, so it asks the cluster something until one is in office.</summary>
    public async Task<int> LeaderAsync(GraphClient client)
    {
        while (true)
        {
            KeyValuePair<int, ReplicaNode>[] leaders = [.. _nodes.Where(node => node.Value.Status.Role == ConsensusRole.Leader)];
            if (leaders.Length > 0)
            {
                return leaders.MaxBy(node => node.Value.Status.Term).Key;
            }

            await client.ReadAsync(new CountNodes(), TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (GraphClient client in _clients)
        {
            await client.StopAsync();
        }

        foreach (ClusterAdministrator administrator in _administrators)
        {
            await administrator.StopAsync();
        }

        await StopAllAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>
    /// Ports that nobody listens at. Below the range from which the kernel serves outgoing connections, or one of those could take a port before its node does.
    /// </summary>
    public static List<int> FreePorts(int count)
    {
        const int First = 12_000;
        const int Last = 32_000;
        var listeners = new List<TcpListener>();
        for (int port = Random.Shared.Next(First, Last); listeners.Count < count; port = port < Last ? port + 1 : First)
        {
            var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                listeners.Add(listener);
            }
            catch (SocketException)
            {
                listener.Dispose();
            }
        }

        List<int> ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (TcpListener listener in listeners)
        {
            listener.Dispose();
        }

        return ports;
    }
}
