using System.Collections.Immutable;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Client;
using SimGraph.Replication.Node;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Tests.Simulation;

namespace SimGraph.Tests.Replication;

/// <summary>Nodes on the machines n1, n2, … of a simulated world, and clients on machines of their own. Virtual time makes it quick and exact.</summary>
internal sealed class SimulatedCluster
{
    public static readonly TimeSpan ElectionTimeout = TimeSpan.FromMilliseconds(500);
    private const int Port = 7000;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);
    private readonly World _world;
    private readonly IPlatform _harness;
    private readonly SortedDictionary<int, Machine> _machines = [];
    private readonly SortedDictionary<int, ReplicaNode> _nodes = [];
    private readonly Func<ReplicaOptions, ReplicaOptions> _configure;
    private readonly int _founders;
    private int _clients;

    private SimulatedCluster(World world, IPlatform harness, int size, int founders, Func<ReplicaOptions, ReplicaOptions>? configure)
    {
        _world = world;
        _harness = harness;
        _founders = founders;
        _configure = configure ?? (static options => options);
        for (int node = 1; node <= size; node++)
        {
            _machines.Add(node, world.AddMachine($"n{node}", new MachineOptions()));
        }
    }

    public World World => _world;

    public IReadOnlyDictionary<int, Machine> Machines => _machines;

    public IReadOnlyDictionary<int, ReplicaNode> Nodes => _nodes;

    /// <summary>Runs a story on a cluster whose founders are booted; it must end without a violation.</summary>
    /// <param name="size">Machines.</param>
    /// <param name="story">What happens; the nodes are stopped after it.</param>
    /// <param name="configure">Changes the options of the nodes.</param>
    /// <param name="founders">How many of them the cluster begins with; zero for all.</param>
    /// <param name="seed">Of the run.</param>
    public static RunResult Run(
        int size, Func<SimulatedCluster, Task> story, Func<ReplicaOptions, ReplicaOptions>? configure = null, int founders = 0, ulong seed = 1)
    {
        RunResult result = Worlds.Run(seed, async (world, harness) =>
        {
            var cluster = new SimulatedCluster(world, harness, size, founders == 0 ? size : founders, configure);
            for (int node = 1; node <= cluster._founders; node++)
            {
                cluster.Boot(node);
            }

            await story(cluster);
            world.Network.HealAll();
            foreach (Machine machine in cluster._machines.Values)
            {
                if (machine.IsOn)
                {
                    await machine.StopAsync(Worlds.StopLimit);
                }
            }
        });
        Xunit.Assert.Null(result.Violation);
        return result;
    }

    public static NetworkAddress AddressOf(int node) => new($"n{node}", Port);

    public void Boot(int node) => _machines[node].Boot(async (platform, stop) =>
    {
        var replica = new ReplicaNode(platform, _configure(Options(node)));
        _nodes[node] = replica;
        await replica.StartAsync(stop);
        await Worlds.UntilStoppedAsync(stop);
        await replica.StopAsync();
    });

    /// <summary>Waits for a leader that a quorum follows; of the newest term, if there are several.</summary>
    public async Task<int> LeaderAsync(params int[] among)
    {
        while (true)
        {
            KeyValuePair<int, ReplicaNode>[] leaders = [.. _nodes.Where(node =>
                (among.Length == 0 || among.Contains(node.Key)) && node.Value.Status is { Role: ConsensusRole.Leader, CommitIndex: > 0 })];
            if (leaders.Length > 0)
            {
                return leaders.MaxBy(node => node.Value.Status.Term).Key;
            }

            await DelayAsync(PollInterval);
        }
    }

    /// <summary>Waits until something is so.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await DelayAsync(PollInterval);
        }
    }

    public Task DelayAsync(TimeSpan delay) => _harness.Clock.DelayAsync(delay, CancellationToken.None);

    /// <summary>Lets a client on a machine of its own do something, and waits for the end of it.</summary>
    public async Task UseAsync(Func<GraphClient, IPlatform, Task> use, Func<ClientOptions, ClientOptions>? configure = null)
    {
        Machine machine = _world.AddMachine($"c{++_clients}", new MachineOptions());
        Incarnation process = machine.Boot(async (platform, _) =>
        {
            var options = new ClientOptions { Addresses = [.. _machines.Keys.Select(AddressOf)], OperationLimit = TimeSpan.FromSeconds(10) };
            var client = new GraphClient(platform, configure is null ? options : configure(options));
            await use(client, platform);
            await client.StopAsync();
        });
        await process.Exited;
    }

    /// <summary>Lets an administrator do something.</summary>
    public async Task AdministerAsync(Func<ClusterAdministrator, Task> use, Func<ClientOptions, ClientOptions>? configure = null)
    {
        Machine machine = _world.AddMachine($"op{++_clients}", new MachineOptions());
        Incarnation process = machine.Boot(async (platform, _) =>
        {
            var options = new ClientOptions { Addresses = [.. _machines.Keys.Select(AddressOf)] };
            var administrator = new ClusterAdministrator(platform, configure is null ? options : configure(options));
            await use(administrator);
            await administrator.StopAsync();
        });
        await process.Exited;
    }

    private ReplicaOptions Options(int node) => new()
    {
        Self = new NodeId(node),
        Members = node <= _founders
            ? Enumerable.Range(1, _founders).ToImmutableSortedDictionary(number => new NodeId(number), AddressOf)
            : ImmutableSortedDictionary<NodeId, NetworkAddress>.Empty,
        AdvertisedAddress = AddressOf(node),
        HeartbeatInterval = ElectionTimeout / 5,
        ElectionTimeout = ElectionTimeout,
    };
}
