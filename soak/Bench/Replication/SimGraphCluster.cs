using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Client;
using SimGraph.Replication.Node;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Production;
using SimGraph.Storage.Graph;

namespace SimGraph.Soak.Bench.Replication;

/// <summary>Our cluster, with clients that reach it as any client does.</summary>
internal sealed class SimGraphCluster : IMeasuredCluster
{
    private readonly string _folder;
    private readonly ImmutableSortedDictionary<NodeId, NetworkAddress> _members;
    private readonly List<GraphClient> _clients = [];

    private SimGraphCluster(string folder, int nodes)
    {
        _folder = folder;
        _members = FreePorts.Take(nodes)
            .Select(static (port, i) => (Node: new NodeId(i + 1), Address: new NetworkAddress("127.0.0.1", port)))
            .ToImmutableSortedDictionary(static member => member.Node, static member => member.Address);
    }

    public static ClusterContender Contender { get; } = new(
        "SimGraph",
        "two of three disks flushed before it is acknowledged; then applied to the graph; clients over loopback TCP, each with a session",
        static async folder => await OpenAsync(folder, nodes: 3, static (_, _) => null, sockets: null));

    /// <summary>The nodes.</summary>
    public List<ReplicaNode> Nodes { get; } = [];

    /// <summary>Opens one with observers.</summary>
    public static async Task<SimGraphCluster> OpenAsync(string folder, int nodes, Func<NodeId, ProductionPlatform, IReplicaObserver?> observer, IMessageSockets? sockets)
    {
        var cluster = new SimGraphCluster(folder, nodes);
        foreach (NodeId node in cluster._members.Keys)
        {
            ProductionPlatform platform = cluster.Platform($"node-{node.Value}", sockets);
            cluster.Nodes.Add(new ReplicaNode(platform, cluster.Options(node), observer(node, platform)));
        }

        await Task.WhenAll(cluster.Nodes.Select(static node => node.StartAsync(CancellationToken.None)));
        await cluster.Connect()([0]);
        return cluster;
    }

    public Func<byte[], Task> Connect()
    {
        var client = new GraphClient(Platform("client", sockets: null), ClientOptions());
        _clients.Add(client);
        return async payload =>
        {
            var create = new CreateNode(LabelSet.Of("bench"), PropertyMap.Of(("payload", PropertyValue.FromBytes(payload))));
            await client.WriteAsync(new GraphCommand(create), CancellationToken.None);
        };
    }

    /// <summary>How clients reach it.</summary>
    public ClientOptions ClientOptions() => new() { Addresses = [.. _members.Values], OperationsMax = 1 };

    /// <summary>A platform with a folder of its own.</summary>
    public ProductionPlatform Platform(string name, IMessageSockets? sockets)
    {
        var disk = new FileSystemDisk(Path.Join(_folder, name));
        return sockets is null
            ? new ProductionPlatform(name, new SocketNetwork(), disk, NullLoggerFactory.Instance)
            : new ProductionPlatform(name, new SocketNetwork(), disk, NullLoggerFactory.Instance, sockets);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (GraphClient client in _clients)
        {
            await client.StopAsync();
        }

        await Task.WhenAll(Nodes.Select(static node => node.StopAsync()));
    }

    private ReplicaOptions Options(NodeId node) => new()
    {
        Self = node,
        Members = _members,
        HeartbeatInterval = TimeSpan.FromMilliseconds(250),
        ElectionTimeout = TimeSpan.FromSeconds(2),
        ClientConnectionsMax = 2048,
    };
}
