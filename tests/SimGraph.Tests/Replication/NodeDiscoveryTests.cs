// What nodes and clients do with what discovery finds, in virtual time.

using System.Collections.Immutable;
using SimGraph.Cluster.Consensus;
using SimGraph.Cluster.Discovery;
using SimGraph.Replication;
using SimGraph.Replication.Client;
using SimGraph.Replication.Discovery;
using SimGraph.Replication.Node;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Graph;
using SimGraph.Tests.Simulation;
using Xunit;

namespace SimGraph.Tests.Replication;

public sealed class NodeDiscoveryTests
{
    private const int DiscoveryPort = 6900;
    private static readonly GraphCommand Command = new(new CreateNode(LabelSet.Of("written"), PropertyMap.Empty));
    private static readonly ImmutableArray<NetworkAddress> Seeds = [.. Enumerable.Range(1, 3).Select(SeedOf)];

    [Fact]
    public void Voters_that_are_known_by_number_only_find_each_other_and_a_client_finds_them()
    {
        RunResult result = SimulatedCluster.Run(3, cluster => cluster.UseAsync(WriteToAllAsync, FindBySeeds), options => Find(ByNumber(options)));
        Assert.True(result.Probes["repl.peer-found-by-discovery"].Hits > 0);
    }

    [Fact]
    public void A_node_that_comes_back_at_another_address_is_reached_there()
    {
        int moves = 0;
        SimulatedCluster.Run(
            3,
            async cluster =>
            {
                await cluster.UseAsync(WriteToAllAsync, FindBySeeds);
                moves = 1;
                foreach (int node in cluster.Nodes.Keys.ToArray())
                {
                    // At the end none of them is where the membership says.
                    cluster.Machines[node].Crash();
                    cluster.Boot(node);
                    await cluster.UseAsync(WriteToAllAsync, FindBySeeds);
                }
            },
            options => Find(options with { AdvertisedAddress = options.AdvertisedAddress!.Value with { Port = options.AdvertisedAddress.Value.Port + moves } }));
    }

    [Fact]
    public void A_lie_about_where_a_node_is_does_not_keep_it_out()
    {
        SimulatedCluster.Run(
            3,
            async cluster =>
            {
                await cluster.UseAsync(WriteToAllAsync);
                Machine liar = await LieAsync(cluster);
                cluster.Machines[2].Crash();
                cluster.Boot(2);
                await cluster.UseAsync(WriteToAllAsync);
                await liar.StopAsync(Worlds.StopLimit);
            },
            Find);
    }

    [Fact]
    public void A_lie_about_a_node_that_nobody_knew_before_does_not_keep_it_out()
    {
        SimulatedCluster.Run(
            3,
            async cluster =>
            {
                cluster.Machines[2].Crash();
                await cluster.LeaderAsync(1, 3);
                Machine liar = await LieAsync(cluster);
                cluster.Boot(2);
                await cluster.UseAsync(WriteToAllAsync);
                await liar.StopAsync(Worlds.StopLimit);
            },
            options => Find(ByNumber(options)));
    }

    [Fact]
    public void A_client_asks_the_next_seed_when_those_that_it_found_do_not_serve()
    {
        SimulatedCluster.Run(
            3,
            async cluster =>
            {
                await cluster.UseAsync(WriteToAllAsync, FindBySeeds);

                // The first seed reaches clients and nobody else, until it knows only itself.
                cluster.World.Network.Partition(cluster.Machines[1], cluster.Machines[2]);
                cluster.World.Network.Partition(cluster.Machines[1], cluster.Machines[3]);
                await cluster.UntilAsync(() => cluster.Nodes[1].Found!.Healthy.Count == 1);
                await cluster.LeaderAsync(2, 3);
                await cluster.UseAsync(async (client, _) => Assert.True((await client.WriteAsync(Command, CancellationToken.None)).IsApplied), FindBySeeds);
            },
            options => Find(ByNumber(options)));
    }

    [Fact]
    public void A_client_whose_caller_never_waits_for_long_asks_the_next_seed_all_the_same()
    {
        SimulatedCluster.Run(
            3,
            async cluster =>
            {
                await cluster.UseAsync(WriteToAllAsync, FindBySeeds);
                (Machine hermit, DiscoveryService discovery, NetworkAddress seed) = await SettleHermitAsync(cluster);
                await cluster.UseAsync(WriteWithLittlePatienceAsync, options => FindBySeeds(options) with { Seeds = new StaticSeedSource([seed, .. Seeds]) });
                await discovery.StopAsync();
                await hermit.StopAsync(Worlds.StopLimit);
            },
            Find);
    }

    [Fact]
    public void A_client_without_members_and_without_seeds_that_answer_gives_up_in_time()
    {
        SimulatedCluster.Run(1, cluster => cluster.UseAsync(
            async (client, _) =>
            {
                TimeoutException failure = await Assert.ThrowsAsync<TimeoutException>(() => client.WriteAsync(Command, CancellationToken.None));
                Assert.Contains("no seed answered", failure.Message, StringComparison.Ordinal);
            },
            FindBySeeds));
    }

    [Fact]
    public void Options_that_nobody_could_be_found_by_are_refused()
    {
        ReplicaOptions node = Find(new ReplicaOptions
        {
            Self = new NodeId(1),
            Members = ImmutableSortedDictionary<NodeId, NetworkAddress>.Empty,
            VotersToFind = [new NodeId(1), new NodeId(2)],
            AdvertisedAddress = SimulatedCluster.AddressOf(1),
        });
        node.Validate();
        Assert.Contains("no Discovery", Refusal(node with { Discovery = null }), StringComparison.Ordinal);
        Assert.Contains("no AdvertisedAddress", Refusal(node with { AdvertisedAddress = null }), StringComparison.Ordinal);
        Assert.Contains("not among the members", Refusal(node with { Self = new NodeId(3) }), StringComparison.Ordinal);
        Assert.Contains("both", Refusal(node with { Members = node.Members.Add(new NodeId(2), SimulatedCluster.AddressOf(2)) }), StringComparison.Ordinal);
        Assert.Contains("nobody can dial", Refusal(node with { Discovery = node.Discovery! with { ListenAddress = new NetworkAddress("*", 1) } }), StringComparison.Ordinal);
        Assert.Contains("no port", Refusal(node with { Discovery = node.Discovery! with { Seeds = [new NetworkAddress("n1", 0)] } }), StringComparison.Ordinal);
    }

    private static string Refusal(ReplicaOptions options) => Assert.Throws<ArgumentException>(options.Validate).Message;

    private static NetworkAddress SeedOf(int node) => new($"n{node}", DiscoveryPort);

    private static ReplicaOptions Find(ReplicaOptions options) =>
        options with { Discovery = new NodeDiscoveryOptions { ListenAddress = SeedOf(options.Self.Value), Seeds = Seeds } };

    private static ReplicaOptions ByNumber(ReplicaOptions options) =>
        options with { Members = ImmutableSortedDictionary<NodeId, NetworkAddress>.Empty, VotersToFind = [.. options.Members.Keys] };

    private static ClientOptions FindBySeeds(ClientOptions options) => options with { Addresses = [], Seeds = new StaticSeedSource(Seeds) };

    /// <summary>Tells nodes 1 and 3 of a node 2 where there is none, in an epoch that the true one will never come to.</summary>
    private static async Task<Machine> LieAsync(SimulatedCluster cluster)
    {
        (Machine liar, IPlatform platform) = await Worlds.BootIdleAsync(cluster.World, "liar");
        var lie = new MemberRecord { Node = new NodeId(2), Epoch = 1_000_000, Address = new NetworkAddress("liar", 7000), DiscoveryAddress = new NetworkAddress("liar", 1) };
        foreach (int node in new[] { 1, 3 })
        {
            await using DiscoveryConnection connection = await DiscoveryConnection.DialAsync(platform, SeedOf(node), TimeSpan.FromSeconds(1), CancellationToken.None);
            var announcement = new DiscoveryRequest(DiscoveryRequest.CurrentVersion, "simgraph", To: 0, WantsList: false, lie);
            (DiscoveryAnswer answer, _) = await connection.AskAsync(announcement, TimeSpan.FromSeconds(1), CancellationToken.None);
            Assert.Equal(DiscoveryVerdict.Welcome, answer.Verdict);
        }

        return liar;
    }

    /// <summary>A seed that knows nobody but itself, and says of itself that it is where no machine answers.</summary>
    private static async Task<(Machine Machine, DiscoveryService Discovery, NetworkAddress Seed)> SettleHermitAsync(SimulatedCluster cluster)
    {
        cluster.World.AddMachine("nowhere", new MachineOptions());
        (Machine machine, IPlatform platform) = await Worlds.BootIdleAsync(cluster.World, "hermit");
        var options = new DiscoveryOptions
        {
            Self = new NodeId(9), ClusterId = "simgraph", Address = new NetworkAddress("nowhere", 7000), ListenAddress = new NetworkAddress("hermit", DiscoveryPort),
        };
        var discovery = new DiscoveryService(platform, options, new StaticSeedSource([]));
        await discovery.StartAsync(CancellationToken.None);
        return (machine, discovery, options.ListenAddress);
    }

    private static async Task WriteWithLittlePatienceAsync(GraphClient client, IPlatform platform)
    {
        var patience = TimeSpan.FromMilliseconds(500);
        using (var first = Deadline.After(platform.Clock, patience, CancellationToken.None))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.WriteAsync(Command, first.Token));
        }

        using var second = Deadline.After(platform.Clock, patience, CancellationToken.None);
        Assert.True((await client.WriteAsync(Command, second.Token)).IsApplied);
    }

    private static async Task WriteToAllAsync(GraphClient client, IPlatform platform) =>
        Assert.True((await client.WriteAsync(Command, WriteAcknowledgement.All, CancellationToken.None)).IsReplicated);
}
