using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Client;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Production;
using SimGraph.Storage.Graph;
using SimGraph.Tests.Replication;
using Xunit;

namespace SimGraph.Tests.Server;

/// <summary>Three real processes, real sockets, real disks, and kill -9.</summary>
public sealed class ServerProcessTests : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("simgraph-").FullName;
    private readonly SortedDictionary<NodeId, ServerProcess> _servers = [];
    private readonly ImmutableSortedDictionary<NodeId, NetworkAddress> _members = LoopbackCluster.FreePorts(3)
        .Select((port, index) => (Node: new NodeId(index + 1), Address: new NetworkAddress("127.0.0.1", port)))
        .ToImmutableSortedDictionary(member => member.Node, member => member.Address);

    [Fact]
    public async Task Acknowledged_writes_survive_the_kill_of_the_leader_and_the_restart_of_all()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        var acknowledged = new List<ElementId>();
        await StartAllAsync();
        GraphClient client = NewClient();
        await WriteAsync(client, acknowledged, 40, cancellationToken);
        await Task.WhenAny(_servers.Values.Select(server => server.Leads));
        ServerProcess leader = _servers.Values.MaxBy(server => server.LedTerm)!;
        leader.Kill();
        await WriteAsync(client, acknowledged, 40, cancellationToken);
        await AssertAllThereAsync(client, acknowledged, cancellationToken);
        await client.StopAsync();

        foreach (ServerProcess server in _servers.Values)
        {
            server.Dispose();
        }

        await StartAllAsync();
        client = NewClient();
        await AssertAllThereAsync(client, acknowledged, cancellationToken);
        await client.StopAsync();

        foreach (ServerProcess server in _servers.Values)
        {
            Assert.Equal(0, await server.TerminateAsync(cancellationToken));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServerProcess server in _servers.Values)
        {
            server.Dispose();
        }

        await Task.Yield();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task WriteAsync(GraphClient client, List<ElementId> acknowledged, int count, CancellationToken cancellationToken)
    {
        for (int i = 0; i < count; i++)
        {
            var create = new CreateNode(LabelSet.Of("written"), PropertyMap.Of(("number", PropertyValue.From((long)acknowledged.Count))));
            GraphOutcome outcome = await client.WriteAsync(new GraphCommand(create), cancellationToken);
            Assert.True(outcome.IsApplied);
            acknowledged.Add(outcome.Results[0].Element);
        }
    }

    private static async Task AssertAllThereAsync(GraphClient client, List<ElementId> acknowledged, CancellationToken cancellationToken)
    {
        for (int number = 0; number < acknowledged.Count; number++)
        {
            var answer = Assert.IsType<NodeAnswer>(await client.ReadAsync(new GetNode(acknowledged[number]), cancellationToken));
            Assert.NotNull(answer.Node);
            Assert.True(answer.Node.Properties.TryGet("number", out PropertyValue value));
            Assert.Equal(number, value.AsInt64());
        }

        var count = Assert.IsType<CountAnswer>(await client.ReadAsync(new CountNodes("written"), cancellationToken));
        Assert.Equal(acknowledged.Count, count.Count);
    }

    private async Task StartAllAsync()
    {
        foreach (NodeId node in _members.Keys)
        {
            _servers[node] = new ServerProcess(node, _members, Path.Combine(_directory, $"node-{node.Value}"));
        }

        foreach (ServerProcess server in _servers.Values)
        {
            await server.Listens;
        }
    }

    private GraphClient NewClient() => new(
        new ProductionPlatform("client", new SocketNetwork(), new FileSystemDisk(Path.Combine(_directory, "client")), NullLoggerFactory.Instance),
        new ClientOptions { Addresses = [.. _members.Values], RequestLimit = TimeSpan.FromSeconds(2), OperationLimit = TimeSpan.FromMinutes(2) });
}
