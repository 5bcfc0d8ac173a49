using System.Globalization;
using SimGraph.RealCluster.Proxy;
using SimGraph.Runtime.Network;

namespace SimGraph.RealCluster.Processes;

/// <summary>The server processes and the proxy between them.</summary>
internal sealed class ServerCluster : IAsyncDisposable
{
    private const string Host = "127.0.0.1";
    private const int HeartbeatsPerTimeout = 5;

    private ServerCluster(IReadOnlyList<int> ports, FaultProxy proxy, IReadOnlyList<ServerNode> nodes, string folder)
    {
        Ports = ports;
        Proxy = proxy;
        Nodes = nodes;
        Folder = folder;
    }

    /// <summary>Where the nodes listen, behind the proxy.</summary>
    public IReadOnlyList<int> Ports { get; }

    public FaultProxy Proxy { get; }

    public IReadOnlyList<ServerNode> Nodes { get; }

    /// <summary>Holds a folder of each node, and its log.</summary>
    public string Folder { get; }

    /// <summary>Where clients reach the nodes.</summary>
    public IEnumerable<NetworkAddress> ClientAddresses => Nodes.Select(node => new NetworkAddress(Host, Proxy.PortOf(FaultProxy.Clients, node.Number)));

    /// <summary>The node that said last to lead; null if that one is down.</summary>
    public ServerNode? Leader => Nodes.Where(static node => node.LedTerm > 0).MaxBy(static node => node.LedTerm) is { IsUp: true } leader ? leader : null;

    /// <summary>Starts all nodes and waits until they listen.</summary>
    public static async Task<ServerCluster> StartAsync(RealClusterOptions options, string folder)
    {
        IReadOnlyList<int> ports = LoopbackPorts.Free(options.Nodes);
        var proxy = new FaultProxy(ports);
        ServerNode[] nodes =
        [
            .. Enumerable.Range(1, options.Nodes).Select(node => new ServerNode(
                node, Arguments(node, options, ports, proxy, FolderOf(folder, node)), Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"node-{node}.log")))),
        ];
        var cluster = new ServerCluster(ports, proxy, nodes, folder);
        try
        {
            await Task.WhenAll(nodes.Select(static node => node.StartAsync()));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The data of a node.</summary>
    public string FolderOf(int node) => FolderOf(Folder, node);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (ServerNode node in Nodes)
        {
            node.Dispose();
        }

        await Proxy.DisposeAsync();
    }

    private static string FolderOf(string folder, int node) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"node-{node}"));

    // Members are known at the clients' side of the proxy, since that is what clients are told; a node dials each other one through a listener of its own.
    private static List<string> Arguments(int node, RealClusterOptions options, IReadOnlyList<int> ports, FaultProxy proxy, string data)
    {
        List<string> arguments =
        [
            "--id", Text(node), "--data", data, "--listen", $"{Host}:{Text(ports[node - 1])}",
            "--heartbeat-ms", Text((int)options.ElectionTimeout.TotalMilliseconds / HeartbeatsPerTimeout),
            "--election-timeout-ms", Text((int)options.ElectionTimeout.TotalMilliseconds),
        ];
        for (int member = 1; member <= options.Nodes; member++)
        {
            arguments.AddRange(["--member", $"{Text(member)}={Host}:{Text(proxy.PortOf(FaultProxy.Clients, member))}"]);
            if (member != node)
            {
                arguments.AddRange(["--dial", $"{Text(member)}={Host}:{Text(proxy.PortOf(node, member))}"]);
            }
        }

        return arguments;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
