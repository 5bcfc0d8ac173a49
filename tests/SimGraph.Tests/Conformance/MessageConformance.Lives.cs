using SimGraph.Runtime;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;
using Xunit;

namespace SimGraph.Tests.Conformance;

/// <content>Messages as wholes, connections that come and go, calls that end.</content>
public abstract partial class MessageConformance
{
    [Fact]
    public Task A_message_arrives_with_all_its_frames() => RunAsync(async (server, client) =>
    {
        await using IMessageSocket pull = server.Messaging.Open(MessageSocketKind.Pull, Quick);
        await using IMessageSocket push = client.Messaging.Open(MessageSocketKind.Push, Quick);
        await push.ConnectAsync(await BindAsync(server, pull), CancellationToken.None);
        var random = new Random(1);
        for (int i = 0; i < 30; i++)
        {
            ReadOnlyMemory<byte>[] frames = [.. Enumerable.Range(0, 1 + random.Next(6)).Select(_ => (ReadOnlyMemory<byte>)new byte[random.Next(3) * random.Next(9000)])];
            foreach (ReadOnlyMemory<byte> frame in frames)
            {
                random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsMemory(frame).Span);
            }

            await SendAsync(push, new Message(frames));
            Message received = await ReceiveAsync(pull);
            Assert.Equal(frames.Select(frame => frame.ToArray()), Enumerable.Range(0, received.Count).Select(at => received[at].ToArray()));
        }
    });

    [Fact]
    public Task A_socket_may_connect_before_anybody_binds() => RunAsync(async (server, client) =>
    {
        NetworkAddress address;
        await using (IMessageSocket placeholder = server.Messaging.Open(MessageSocketKind.Pull, Quick))
        {
            address = await BindAsync(server, placeholder);
        }

        await using IMessageSocket push = client.Messaging.Open(MessageSocketKind.Push, Quick);
        await push.ConnectAsync(address, CancellationToken.None);
        Assert.Equal(SendOutcome.Queued, await SendAsync(push, Text("early")));
        await client.Clock.DelayAsync(TimeSpan.FromMilliseconds(60), CancellationToken.None);

        await using IMessageSocket pull = server.Messaging.Open(MessageSocketKind.Pull, Quick);
        await RebindAsync(server, pull, address);
        Assert.Equal(["early"], Texts(await ReceiveAsync(pull)));
    });

    [Fact]
    public Task A_subscriber_reconnects_and_subscribes_anew() => RunAsync(async (server, client) =>
    {
        await using IMessageSocket subscriber = client.Messaging.Open(MessageSocketKind.Subscriber, Quick);
        await subscriber.SubscribeAsync(Bytes("a"), CancellationToken.None);
        NetworkAddress address;
        await using (IMessageSocket first = server.Messaging.Open(MessageSocketKind.Publisher, Quick))
        {
            address = await BindAsync(server, first);
            await subscriber.ConnectAsync(address, CancellationToken.None);
            await JoinAsync(server, first, subscriber, "a");
        }

        await using IMessageSocket second = server.Messaging.Open(MessageSocketKind.Publisher, Quick);
        await RebindAsync(server, second, address);
        await JoinAsync(server, second, subscriber, "a");
    });

    [Fact]
    public Task A_dealer_reconnects_under_its_identity() => RunAsync(async (server, client) =>
    {
        await using IMessageSocket dealer = client.Messaging.Open(MessageSocketKind.Dealer, Quick with { Identity = Bytes("peer") });
        NetworkAddress address;
        await using (IMessageSocket first = server.Messaging.Open(MessageSocketKind.Router, Quick))
        {
            address = await BindAsync(server, first);
            await dealer.ConnectAsync(address, CancellationToken.None);
            await RouteAsync(server, first, Text("peer", "x"));
            Assert.Equal(["x"], Texts(await ReceiveAsync(dealer)));
        }

        await using IMessageSocket second = server.Messaging.Open(MessageSocketKind.Router, Quick);
        await RebindAsync(server, second, address);
        await RouteAsync(server, second, Text("peer", "y"));
        Assert.Equal(["y"], Texts(await ReceiveAsync(dealer)));
    });

    [Fact]
    public Task A_frame_larger_than_allowed_never_arrives() => RunAsync(async (server, client) =>
    {
        await using IMessageSocket pull = server.Messaging.Open(MessageSocketKind.Pull, Quick with { FrameBytesMax = 1000 });
        await using IMessageSocket push = client.Messaging.Open(MessageSocketKind.Push, Quick);
        await push.ConnectAsync(await BindAsync(server, pull), CancellationToken.None);
        await SendAsync(push, Text("before"));
        Assert.Equal(["before"], Texts(await ReceiveAsync(pull)));
        await SendAsync(push, new Message(new byte[2000]));

        using var ended = new CancellationTokenSource();
        Task sending = SendUntilAsync(client, push, Text("after"), ended.Token);
        Assert.Equal(["after"], Texts(await ReceiveAsync(pull)));
        ended.Cancel();
        await sending;
    });

    [Fact]
    public Task An_address_in_use_is_refused() => RunAsync(async (server, _) =>
    {
        await using IMessageSocket first = server.Messaging.Open(MessageSocketKind.Pull, Quick);
        await using IMessageSocket second = server.Messaging.Open(MessageSocketKind.Pull, Quick);
        NetworkAddress address = await BindAsync(server, first);

        NetworkException failure = await Assert.ThrowsAsync<NetworkException>(async () => await second.BindAsync(address, CancellationToken.None));
        Assert.Equal(NetworkError.AddressInUse, failure.Error);
    });

    [Fact]
    public Task A_pattern_refuses_what_it_cannot_do() => RunAsync(async (server, _) =>
    {
        await using IMessageSocket publisher = server.Messaging.Open(MessageSocketKind.Publisher, Quick);
        await using IMessageSocket subscriber = server.Messaging.Open(MessageSocketKind.Subscriber, Quick);
        await using IMessageSocket router = server.Messaging.Open(MessageSocketKind.Router, Quick);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await ReceiveAsync(publisher));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await SendAsync(subscriber, Text("x")));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await publisher.SubscribeAsync(default, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(async () => await SendAsync(router, Text("only an identity")));
    });

    [Fact]
    public Task A_cancelled_receive_loses_no_message() => RunAsync(async (server, client) =>
    {
        await using IMessageSocket pull = server.Messaging.Open(MessageSocketKind.Pull, Quick);
        await using IMessageSocket push = client.Messaging.Open(MessageSocketKind.Push, Quick);
        await push.ConnectAsync(await BindAsync(server, pull), CancellationToken.None);
        for (int i = 0; i < 20; i++)
        {
            using var cancelled = new CancellationTokenSource();
            ValueTask<Message> receiving = pull.ReceiveAsync(cancelled.Token);
            await SendAsync(push, Text(Number(i)));
            cancelled.Cancel();
            Message received;
            try
            {
                received = await receiving;
            }
            catch (OperationCanceledException)
            {
                received = await ReceiveAsync(pull);
            }

            Assert.Equal([Number(i)], Texts(received));
        }
    });

    [Theory]
    [InlineData(MessageSocketKind.Subscriber)]
    [InlineData(MessageSocketKind.Router)]
    [InlineData(MessageSocketKind.Dealer)]
    [InlineData(MessageSocketKind.Pull)]
    public Task Disposal_ends_a_receive_that_waits(MessageSocketKind kind) => RunAsync(async (server, _) =>
    {
        IMessageSocket socket = server.Messaging.Open(kind, Quick);
        await BindAsync(server, socket);
        ValueTask<Message> receiving = ReceiveAsync(socket);

        await socket.DisposeAsync();
        await socket.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await receiving);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await ReceiveAsync(socket));
    });

    [Fact]
    public Task Disposal_ends_a_send_that_waits_and_drops_what_is_unsent() => RunAsync(async (server, client) =>
    {
        IMessageSocket push = client.Messaging.Open(MessageSocketKind.Push, Quick with { SendHighWaterMark = 1 });
        await push.ConnectAsync(new NetworkAddress(HostOf(server), 9), CancellationToken.None);
        await SendAsync(push, Text("unsent"));
        ValueTask<SendOutcome> waiting = SendAsync(push, Text("waiting"));

        await push.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await SendAsync(push, Text("late")));
    });

    /// <summary>The kernel may need a moment to give the port free.</summary>
    private static async Task RebindAsync(IPlatform platform, IMessageSocket socket, NetworkAddress address)
    {
        while (true)
        {
            try
            {
                await socket.BindAsync(address, CancellationToken.None);
                return;
            }
            catch (NetworkException)
            {
                await platform.Clock.DelayAsync(Pause, CancellationToken.None);
            }
        }
    }

    private static async Task SendUntilAsync(IPlatform platform, IMessageSocket socket, Message message, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            await socket.TrySendAsync(message, CancellationToken.None);
            await platform.Clock.DelayAsync(Pause, CancellationToken.None);
        }
    }
}
