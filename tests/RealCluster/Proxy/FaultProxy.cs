// The network between the processes of a real cluster, as far as faults go: one listener for each ordered pair of nodes, and one for the clients of each node. A fault belongs
// to a direction between two places, and not to a connection: bytes from 1 to 2 travel on connections that 1 dialled and, as answers, on those that 2 dialled.

using System.Net;
using System.Net.Sockets;

namespace SimGraph.RealCluster.Proxy;

/// <summary>A TCP proxy in this process that injects faults. Place 0 is all clients, 1 to N are the nodes.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    /// <summary>All clients.</summary>
    public const int Clients = 0;

    private readonly Direction[,] _directions;
    private readonly ProxyLink[,] _links;
    private readonly int _nodes;

    /// <param name="nodePorts">Where node 1, 2, ... really listen.</param>
    public FaultProxy(IReadOnlyList<int> nodePorts)
    {
        _nodes = nodePorts.Count;
        _directions = new Direction[_nodes + 1, _nodes + 1];
        for (int from = 0; from <= _nodes; from++)
        {
            for (int to = 0; to <= _nodes; to++)
            {
                _directions[from, to] = new Direction();
            }
        }

        _links = new ProxyLink[_nodes + 1, _nodes + 1];
        foreach ((int from, int to) in Pairs())
        {
            Socket listener = LoopbackPorts.Listen(nodePorts);
            _links[from, to] = new ProxyLink(listener, nodePorts[to - 1], _directions[from, to], _directions[to, from]);
        }
    }

    /// <summary>The port at which a place reaches a node.</summary>
    public int PortOf(int from, int to) => _links[from, to].Port;

    /// <summary>Every port of the proxy.</summary>
    public IEnumerable<int> Ports => Pairs().Select(pair => _links[pair.From, pair.To].Port);

    /// <summary>What happens to bytes from one place to another.</summary>
    public Direction Between(int from, int to) => _directions[from, to];

    /// <summary>Breaks all connections between two places.</summary>
    public void Reset(int one, int other)
    {
        _links[one, other]?.ResetAll();
        _links[other, one]?.ResetAll();
    }

    /// <summary>Ends all faults.</summary>
    public void HealAll()
    {
        foreach (Direction direction in _directions)
        {
            direction.Heal();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        HealAll();
        foreach ((int from, int to) in Pairs())
        {
            await _links[from, to].DisposeAsync();
        }
    }

    // Nobody dials clients.
    private IEnumerable<(int From, int To)> Pairs() =>
        from source in Enumerable.Range(0, _nodes + 1)
        from target in Enumerable.Range(1, _nodes)
        where source != target
        select (source, target);
}
