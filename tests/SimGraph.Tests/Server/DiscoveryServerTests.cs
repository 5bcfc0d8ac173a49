using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using SimGraph.Cluster.Consensus;
using SimGraph.Cluster.Discovery;
using SimGraph.Replication;
using SimGraph.Replication.Client;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Production;
using SimGraph.Storage.Graph;
using SimGraph.Tests.Replication;
using Xunit;

namespace SimGraph.Tests.Server;

/// <summary>Servers that know each other's numbers and seeds, and no address of any member.</summary>
public sealed class DiscoveryServerTests : IDisposable
{
    private const int Size = 3;
    private static readonly GraphCommand Command = new(new CreateNode(LabelSet.Of("written"), PropertyMap.Empty));
    private readonly string _directory = Directory.CreateTempSubdirectory("simgraph-").FullName;
    private readonly NetworkAddress[] _addresses = [.. LoopbackCluster.FreePorts((2 * Size) + 1).Select(static port => new NetworkAddress("127.0.0.1", port))];
    private readonly Dictionary<int, ServerProcess> _servers = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IEnumerable<NetworkAddress> Seeds => _addresses.Take(Size);

    public void Dispose()
    {
        foreach (ServerProcess server in _servers.Values)
        {
            server.Dispose();
        }

        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Three_servers_that_know_only_seeds_find_each_other_and_one_that_comes_back_elsewhere()
    {
        for (int node = 1; node <= Size; node++)
        {
            await StartAsync(node, _addresses[Size + node - 1]);
        }

        await WriteToAllAsync();
        Assert.Equal(0, await _servers[2].TerminateAsync(Cancellation));
        _servers[2].Dispose();
        await StartAsync(2, _addresses[2 * Size]);
        await WriteToAllAsync();
        foreach (ServerProcess server in _servers.Values)
        {
            Assert.Equal(0, await server.TerminateAsync(Cancellation));
        }
    }

    [Fact]
    public async Task A_server_says_what_is_wrong_with_its_discovery()
    {
        string[] node = ["--id", "1", "--data", Path.Combine(_directory, "data")];
        string[] member = [.. node, "--member", $"1={_addresses[0]}"];
        await ServerCommandLine.AssertRunsAsync(1, "need --discovery-listen", [.. member, "--seed", "127.0.0.1:1"]);
        await ServerCommandLine.AssertRunsAsync(1, "not an address", [.. member, "--discovery-listen", "here"]);
        await ServerCommandLine.AssertRunsAsync(1, "at port 0", [.. member, "--discovery-listen", $"{_addresses[1]}", "--discover-dns", "seeds.example:0"]);
        await ServerCommandLine.AssertRunsAsync(1, "not of the form", [.. node, "--member", "1"]);
        await ServerCommandLine.AssertRunsAsync(1, "give --listen or --advertise", [.. node, "--member", "1", "--discovery-listen", $"{_addresses[1]}"]);
    }

    private async Task StartAsync(int node, NetworkAddress address)
    {
        string[] voters = [.. Enumerable.Range(1, Size).SelectMany(static number => new[] { "--member", $"{number}" })];
        string[] seeds = node == Size
            ? ["--discover-dns", $"localhost:{_addresses[0].Port}"]
            : [.. Seeds.SelectMany(static seed => new[] { "--seed", $"{seed}" })];
        var server = new ServerProcess(
            new NodeId(node),
            ImmutableSortedDictionary<NodeId, NetworkAddress>.Empty,
            Path.Combine(_directory, $"node-{node}"),
            [.. voters, .. seeds, "--listen", $"{address}", "--discovery-listen", $"{_addresses[node - 1]}"]);
        _servers[node] = server;
        await server.Listens;
    }

    /// <summary>The leader can only say so once every voter has it.</summary>
    private async Task WriteToAllAsync()
    {
        var client = new GraphClient(
            new ProductionPlatform("client", new SocketNetwork(), new FileSystemDisk(Path.Combine(_directory, "client")), NullLoggerFactory.Instance),
            new ClientOptions { Addresses = [], Seeds = new StaticSeedSource(Seeds) });
        Assert.True((await client.WriteAsync(Command, WriteAcknowledgement.All, Cancellation)).IsReplicated);
        await client.StopAsync();
    }
}
