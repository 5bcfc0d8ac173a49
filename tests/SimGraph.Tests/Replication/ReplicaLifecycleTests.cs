using System.Net.Sockets;
using SimGraph.Replication.Client;
using SimGraph.Replication.Node;
using SimGraph.Replication.Wire;
using SimGraph.Runtime.Network;
using SimGraph.Storage.Graph;
using Xunit;

namespace SimGraph.Tests.Replication;

public sealed class ReplicaLifecycleTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_before_start_is_final_and_stop_again_is_nothing()
    {
        await using var cluster = new LoopbackCluster(1);
        var node = new ReplicaNode(cluster.Platform(1), cluster.Options(1));
        await node.StopAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => node.StartAsync(Cancellation));
        await node.StopAsync();
        await node.Completion;
    }

    [Fact]
    public async Task Stop_while_starting_leaves_the_port_and_the_files_free()
    {
        await using var cluster = new LoopbackCluster(1);
        for (int round = 0; round < 20; round++)
        {
            var node = new ReplicaNode(cluster.Platform(1), cluster.Options(1));
            Task starting = Task.Run(() => node.StartAsync(Cancellation), Cancellation);
            await Task.WhenAll(Task.Run(node.StopAsync, Cancellation), Task.Run(node.StopAsync, Cancellation));
            await Task.WhenAny(starting);
            await node.Completion.ContinueWith(_ => { }, Cancellation, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        await cluster.StartAsync(1);
        Assert.Equal(0, await CountAsync(cluster.Client()));
    }

    [Fact]
    public async Task A_second_start_is_refused()
    {
        await using var cluster = new LoopbackCluster(1);
        ReplicaNode node = await cluster.StartAsync(1);
        await Assert.ThrowsAsync<InvalidOperationException>(() => node.StartAsync(Cancellation));
        Assert.Equal(0, await CountAsync(cluster.Client()));
    }

    [Fact]
    public async Task A_start_at_a_taken_port_fails_and_leaves_nothing_open()
    {
        await using var cluster = new LoopbackCluster(1);
        ReplicaNode first = await cluster.StartAsync(1);
        var second = new ReplicaNode(cluster.Platform(2), cluster.Options(1));
        await Assert.ThrowsAsync<NetworkException>(() => second.StartAsync(Cancellation));
        await Assert.ThrowsAsync<NetworkException>(() => second.Completion);
        await second.StopAsync();
        await first.StopAsync();

        // The same folder and the same port serve the next node.
        var third = new ReplicaNode(cluster.Platform(2), cluster.Options(1));
        await third.StartAsync(Cancellation);
        Assert.Equal(0, await CountAsync(cluster.Client()));
        await third.StopAsync();
    }

    [Fact]
    public async Task Silent_and_babbling_connections_hold_neither_service_nor_stop()
    {
        await using var cluster = new LoopbackCluster(1);
        await cluster.StartAsync(1);
        NetworkAddress address = cluster.Members.Values.First();
        using var silent = new TcpClient();
        using var babbling = new TcpClient();
        await silent.ConnectAsync(address.Host, address.Port, Cancellation);
        await babbling.ConnectAsync(address.Host, address.Port, Cancellation);
        await babbling.GetStream().WriteAsync(new byte[100_000], Cancellation);
        Assert.Equal(0, await CountAsync(cluster.Client()));
        await cluster.StopAllAsync();
        Assert.Equal(0, await ReadToEndAsync(silent.GetStream()));
    }

    [Fact]
    public async Task A_client_that_waits_is_answered_when_its_node_stops()
    {
        await using var cluster = new LoopbackCluster(3);
        await cluster.StartAsync(1);
        NetworkAddress address = cluster.Members.Values.First();
        var hello = new HandshakeRequest(HandshakeRequest.CurrentVersion, HandshakeRole.Client, 0, 0, "simgraph");
        var limits = new DialLimits(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), 1024);
        DialledConnection dialled = await DialledConnection.DialAsync(cluster.Platform(0), address, hello, limits, Cancellation);
        await using IConnection connection = dialled.Connection;
        var asking = new ClientConnection(dialled, address, new FrameWriter(), openedAt: default, TimeSpan.MaxValue);

        // Alone of three it cannot lead: it says so at once.
        ClientResponse response = await asking.AskAsync(new ClientRequest(1, RequestKind.Command, new byte[] { 1 }), Cancellation);
        Assert.Equal(ResponseStatus.NotLeader, response.Status);
        await cluster.StopAllAsync();
        await Assert.ThrowsAsync<NetworkException>(() => asking.AskAsync(new ClientRequest(2, RequestKind.Command, new byte[] { 1 }), Cancellation));
    }

    [Fact]
    public async Task A_stopped_client_refuses_and_leaves_nothing()
    {
        await using var cluster = new LoopbackCluster(1);
        await cluster.StartAsync(1);
        GraphClient client = cluster.Client();
        Assert.Equal(0, await CountAsync(client));
        await Task.WhenAll(client.StopAsync(), client.StopAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => CountAsync(client));
    }

    private static async Task<long> CountAsync(GraphClient client) =>
        Assert.IsType<CountAnswer>(await client.ReadAsync(new CountNodes(), Cancellation)).Count;

    private static async Task<int> ReadToEndAsync(NetworkStream stream)
    {
        try
        {
            return await stream.ReadAsync(new byte[16], Cancellation);
        }
        catch (IOException)
        {
            // A reset is an end too.
            return 0;
        }
    }
}
