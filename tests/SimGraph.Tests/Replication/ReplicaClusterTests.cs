using SimGraph.Replication.Client;
using SimGraph.Replication.Node;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Tests.Replication;

public sealed class ReplicaClusterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_single_node_serves_and_remembers()
    {
        await using var cluster = new LoopbackCluster(1);
        await cluster.StartAsync(1);
        GraphClient client = cluster.Client();
        ElementId counter = await CreateCounterAsync(client);
        await IncrementAsync(client, counter, 25);
        Assert.Equal(25, await ReadAsync(client, counter));
        await cluster.StopAllAsync();
        await cluster.StartAsync(1);
        Assert.Equal(25, await ReadAsync(client, counter));
    }

    [Fact]
    public async Task Writes_survive_the_leader_and_a_restart_of_everything()
    {
        await using var cluster = new LoopbackCluster(3);
        for (int node = 1; node <= 3; node++)
        {
            await cluster.StartAsync(node);
        }

        GraphClient client = cluster.Client();
        ElementId counter = await CreateCounterAsync(client);
        await IncrementAsync(client, counter, 20);
        Assert.Equal(20, await ReadAsync(client, counter));

        int killed = await cluster.LeaderAsync(client);
        ulong known = cluster.Nodes[killed].Status.Last.Index;
        await cluster.StopAsync(killed);
        int written = 20;
        while (cluster.Nodes.Values.Any(node => node.Status.LogStart.Index <= known))
        {
            await IncrementAsync(client, counter, 1);
            written++;
        }

        Assert.Equal(written, await ReadAsync(client, counter));

        var late = new ProgressObserver();
        await cluster.StartAsync(killed, late);
        await IncrementAsync(client, counter, 1);
        await late.WhenAppliedAsync((ulong)written + 1);
        Assert.True(late.SnapshotsInstalled > 0, "the node that was away caught up without a snapshot, although the log was cut behind it");

        await cluster.StopAllAsync();
        var observers = new ProgressObserver[3];
        for (int node = 1; node <= 3; node++)
        {
            observers[node - 1] = new ProgressObserver();
            await cluster.StartAsync(node, observers[node - 1]);
        }

        Assert.Equal(written + 1, await ReadAsync(client, counter));
        await IncrementAsync(client, counter, 1);
        Assert.Equal(written + 2, await ReadAsync(client, counter));
        ulong last = cluster.Nodes.Values.Max(node => node.Status.AppliedIndex);
        foreach (ProgressObserver observer in observers)
        {
            await observer.WhenAppliedAsync(last);
        }

        await cluster.StopAllAsync();
        Assert.Equal(observers[0].Digest, observers[1].Digest);
        Assert.Equal(observers[0].Digest, observers[2].Digest);
    }

    [Fact]
    public async Task Many_clients_at_once_lose_no_increment()
    {
        await using var cluster = new LoopbackCluster(3);
        for (int node = 1; node <= 3; node++)
        {
            await cluster.StartAsync(node);
        }

        GraphClient first = cluster.Client();
        ElementId counter = await CreateCounterAsync(first);
        var clients = new List<Task>();
        for (int i = 0; i < 8; i++)
        {
            GraphClient client = cluster.Client();
            clients.Add(Task.Run(() => IncrementAsync(client, counter, 50), Cancellation));
        }

        await Task.WhenAll(clients.ToArray());
        Assert.Equal(400, await ReadAsync(first, counter));
    }

    [Fact]
    public async Task A_client_of_another_cluster_is_refused()
    {
        await using var cluster = new LoopbackCluster(1);
        await cluster.StartAsync(1);
        GraphClient stranger = cluster.Client("elsewhere");
        RequestRefusedException refused = await Assert.ThrowsAsync<RequestRefusedException>(() => stranger.ReadAsync(new CountNodes(), Cancellation));
        Assert.Contains("another cluster", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_given_up_after_it_was_sent_has_an_unknown_outcome()
    {
        await using var cluster = new LoopbackCluster(1);
        FailingDisk? disk = null;
        ReplicaNode node = await cluster.StartAsync(1, observer: null, cluster.Platform(1, real => disk = new FailingDisk(real)));
        GraphClient client = cluster.Client();
        ElementId counter = await CreateCounterAsync(client);
        disk!.Fail();
        using var given = new CancellationTokenSource();
        Task write = IncrementAsync(client, counter, 1, given.Token);
        await Assert.ThrowsAsync<WriteAheadLogException>(() => node.Completion);
        await given.CancelAsync();
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => write);
    }

    [Fact]
    public async Task A_node_whose_log_fails_ends_and_its_client_gets_through_after_the_restart()
    {
        await using var cluster = new LoopbackCluster(1);
        FailingDisk? disk = null;
        ReplicaNode node = await cluster.StartAsync(1, observer: null, cluster.Platform(1, real => disk = new FailingDisk(real)));
        GraphClient client = cluster.Client();
        ElementId counter = await CreateCounterAsync(client);
        await IncrementAsync(client, counter, 3);

        disk!.Fail();
        Task write = IncrementAsync(client, counter, 1);
        await Assert.ThrowsAsync<WriteAheadLogException>(() => node.Completion);
        Assert.False(write.IsCompleted);
        await cluster.StopAllAsync();

        // The client asks again, with the same number: whether the first attempt reached the disk or not, it counts once.
        await cluster.StartAsync(1);
        await write;
        Assert.Equal(4, await ReadAsync(client, counter));
    }

    private static async Task<ElementId> CreateCounterAsync(GraphClient client)
    {
        GraphOutcome created = await client.WriteAsync(new GraphCommand(new CreateNode(LabelSet.Of("counter"), PropertyMap.Empty)), Cancellation);
        Assert.True(created.IsApplied);
        return created.Results[0].Element;
    }

    private static async Task IncrementAsync(GraphClient client, ElementId counter, int times, CancellationToken? cancellation = null)
    {
        for (int i = 0; i < times; i++)
        {
            GraphOutcome outcome = await client.WriteAsync(
                new GraphCommand(new IncrementNodeProperty(counter, "value", 1)), cancellation ?? Cancellation);
            Assert.True(outcome.IsApplied);
        }
    }

    private static async Task<long> ReadAsync(GraphClient client, ElementId counter)
    {
        var answer = Assert.IsType<NodeAnswer>(await client.ReadAsync(new GetNode(counter), Cancellation));
        Assert.NotNull(answer.Node);
        Assert.True(answer.Node.Properties.TryGet("value", out PropertyValue value));
        return value.AsInt64();
    }
}
