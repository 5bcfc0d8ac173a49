using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;
using Xunit;

namespace SimGraph.Tests.Conformance;

/// <content>Publish and subscribe, route and deal, push and pull.</content>
public abstract partial class MessageConformance
{
    [Fact]
    public Task A_subscriber_gets_what_its_topics_match_in_order_and_nothing_else() => RunAsync(async (server, client) =>
    {
        await using IMessageSocket publisher = server.Messaging.Open(MessageSocketKind.Publisher, Quick);
        await using IMessageSocket subscriber = client.Messaging.Open(MessageSocketKind.Subscriber, Quick);
        await subscriber.SubscribeAsync(Bytes("a/"), CancellationToken.None);
        await subscriber.ConnectAsync(await BindAsync(server, publisher), CancellationToken.None);
        await JoinAsync(server, publisher, subscriber, "a/x");

        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(SendOutcome.Queued, await SendAsync(publisher, Text("b/", Number(i))));
            Assert.Equal(SendOutcome.Queued, await SendAsync(publisher, Text("a/y", Number(i))));
        }

        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(["a/y", Number(i)], Texts(await ReceiveAsync(subscriber)));
        }
    });

    [Fact]
    public Task A_late_subscriber_misses_what_was_published_before() => RunAsync(async (server, client) =>
    {
        await using IMessageSocket publisher = server.Messaging.Open(MessageSocketKind.Publisher, Quick);
        NetworkAddress address = await BindAsync(server, publisher);
        Assert.Equal(SendOutcome.Queued, await SendAsync(publisher, Text("a", "early")));

        await using IMessageSocket subscriber = client.Messaging.Open(MessageSocketKind.Subscriber, Quick);
        await subscriber.SubscribeAsync(default, CancellationToken.None);
        await subscriber.ConnectAsync(address, CancellationToken.None);

        // It fails on "early".
        await JoinAsync(server, publisher, subscriber, "a");
    });

    [Fact]
    public Task Unsubscribing_ends_a_topic() => RunAsync(async (server, client) =>
    {
        await using IMessageSocket publisher = server.Messaging.Open(MessageSocketKind.Publisher, Quick);
        await using IMessageSocket subscriber = client.Messaging.Open(MessageSocketKind.Subscriber, Quick);
        await subscriber.ConnectAsync(await BindAsync(server, publisher), CancellationToken.None);
        await subscriber.SubscribeAsync(Bytes("a"), CancellationToken.None);
        await JoinAsync(server, publisher, subscriber, "a");
        await subscriber.SubscribeAsync(Bytes("b"), CancellationToken.None);
        await JoinAsync(server, publisher, subscriber, "b");
        await subscriber.UnsubscribeAsync(Bytes("a"), CancellationToken.None);

        await SendAsync(publisher, Text("a", "x"));
        await SendAsync(publisher, Text("b", "end"));

        Assert.Equal(["b", "end"], Texts(await ReceiveAsync(subscriber)));
    });

    [Fact]
    public Task A_publisher_may_connect_out_to_a_subscriber_that_binds() => RunAsync(async (server, client) =>
    {
        await using IMessageSocket subscriber = server.Messaging.Open(MessageSocketKind.Subscriber, Quick);
        await subscriber.SubscribeAsync(default, CancellationToken.None);
        NetworkAddress address = await BindAsync(server, subscriber);
        await using IMessageSocket first = client.Messaging.Open(MessageSocketKind.Publisher, Quick);
        await using IMessageSocket second = client.Messaging.Open(MessageSocketKind.Publisher, Quick);
        await first.ConnectAsync(address, CancellationToken.None);
        await JoinAsync(client, first, subscriber, "a");
        await second.ConnectAsync(address, CancellationToken.None);
        await JoinAsync(client, second, subscriber, "a");
    });

    [Fact]
    public Task A_publisher_at_the_mark_of_a_subscriber_drops_for_it_and_never_waits() => RunAsync(async (server, client) =>
    {
        const int Sent = 1000;
        MessageSocketOptions narrow = Quick with { SendHighWaterMark = 10, ReceiveHighWaterMark = 10 };
        await using IMessageSocket publisher = server.Messaging.Open(MessageSocketKind.Publisher, narrow);
        await using IMessageSocket subscriber = client.Messaging.Open(MessageSocketKind.Subscriber, narrow);
        await subscriber.SubscribeAsync(default, CancellationToken.None);
        await subscriber.ConnectAsync(await BindAsync(server, publisher), CancellationToken.None);
        await JoinAsync(server, publisher, subscriber, "a");

        ReadOnlyMemory<byte> bulk = new byte[LargeMessageBytes];
        for (int i = 0; i < Sent; i++)
        {
            Assert.Equal(SendOutcome.Queued, await SendAsync(publisher, new Message(Bytes(Number(i)), bulk)));
        }

        List<Message> received = await DrainAsync(client, subscriber);
        int[] numbers = [.. received.Select(message => int.Parse(Texts(message)[0], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.InRange(numbers.Length, 10, Sent - 1);
        Assert.Equal(numbers.Order().Distinct(), numbers);
        Assert.All(received, message => Assert.Equal(LargeMessageBytes, message[1].Length));
    });

    [Fact]
    public Task A_router_names_the_sender_and_answers_it_alone() => RunAsync(async (server, client) =>
    {
        await using IMessageSocket router = server.Messaging.Open(MessageSocketKind.Router, Quick);
        NetworkAddress address = await BindAsync(server, router);
        await using IMessageSocket first = client.Messaging.Open(MessageSocketKind.Dealer, Quick with { Identity = Bytes("first") });
        await using IMessageSocket second = client.Messaging.Open(MessageSocketKind.Dealer, Quick);
        await first.ConnectAsync(address, CancellationToken.None);
        await second.ConnectAsync(address, CancellationToken.None);

        await SendAsync(first, Text("hello", "1"));
        Assert.Equal(["first", "hello", "1"], Texts(await ReceiveAsync(router)));
        await SendAsync(second, Text("hello", "2"));
        Message named = await ReceiveAsync(router);
        Assert.Equal(0, named[0].Span[0]);

        Assert.Equal(SendOutcome.Queued, await SendAsync(router, Text("first", "answer")));
        Assert.Equal(SendOutcome.Queued, await SendAsync(router, new Message(named[0], Bytes("other"))));
        Assert.Equal(["answer"], Texts(await ReceiveAsync(first)));
        Assert.Equal(["other"], Texts(await ReceiveAsync(second)));
    });

    [Fact]
    public Task A_router_drops_what_is_for_an_unknown_peer() => RunAsync(async (server, _) =>
    {
        await using IMessageSocket router = server.Messaging.Open(MessageSocketKind.Router, Quick);
        await BindAsync(server, router);

        Assert.Equal(SendOutcome.Unreachable, await SendAsync(router, Text("nobody", "x")));
    });

    [Fact]
    public Task A_router_at_the_mark_of_a_peer_drops_for_it_and_never_waits() => RunAsync(async (server, client) =>
    {
        MessageSocketOptions narrow = Quick with { SendHighWaterMark = 10, ReceiveHighWaterMark = 10 };
        await using IMessageSocket router = server.Messaging.Open(MessageSocketKind.Router, narrow);
        await using IMessageSocket dealer = client.Messaging.Open(MessageSocketKind.Dealer, narrow with { Identity = Bytes("peer") });
        await dealer.ConnectAsync(await BindAsync(server, router), CancellationToken.None);
        await RouteAsync(server, router, Text("peer", "0"));

        ReadOnlyMemory<byte> bulk = new byte[LargeMessageBytes];
        int queued = 0;
        while (await SendAsync(router, new Message(Bytes("peer"), bulk)) == SendOutcome.Queued)
        {
            Assert.InRange(++queued, 0, 100_000);
        }

        Assert.InRange(queued, 9, 100_000);
    });

    [Fact]
    public Task A_newer_peer_takes_the_place_of_an_older_of_the_same_identity() => RunAsync(async (server, client) =>
    {
        await using IMessageSocket router = server.Messaging.Open(MessageSocketKind.Router, Quick);
        NetworkAddress address = await BindAsync(server, router);
        await using IMessageSocket older = client.Messaging.Open(MessageSocketKind.Dealer, Quick with { Identity = Bytes("peer") });
        await older.ConnectAsync(address, CancellationToken.None);
        await RouteAsync(server, router, Text("peer", "x"));
        Assert.Equal(["x"], Texts(await ReceiveAsync(older)));
        await older.DisposeAsync();

        await using IMessageSocket newer = client.Messaging.Open(MessageSocketKind.Dealer, Quick with { Identity = Bytes("peer") });
        await newer.ConnectAsync(address, CancellationToken.None);
        await SendAsync(newer, Text("here"));
        Assert.Equal(["peer", "here"], Texts(await ReceiveAsync(router)));
        Assert.Equal(SendOutcome.Queued, await RouteAsync(server, router, Text("peer", "y")));
        Assert.Equal(["y"], Texts(await ReceiveAsync(newer)));
    });

    [Fact]
    public Task A_push_shares_out_and_a_pull_takes_from_all() => RunAsync(async (server, client) =>
    {
        await using IMessageSocket first = server.Messaging.Open(MessageSocketKind.Pull, Quick);
        await using IMessageSocket second = server.Messaging.Open(MessageSocketKind.Pull, Quick);
        await using IMessageSocket push = client.Messaging.Open(MessageSocketKind.Push, Quick);
        await using IMessageSocket other = client.Messaging.Open(MessageSocketKind.Push, Quick);
        NetworkAddress firstAddress = await BindAsync(server, first);
        await push.ConnectAsync(firstAddress, CancellationToken.None);
        await push.ConnectAsync(await BindAsync(server, second), CancellationToken.None);
        await other.ConnectAsync(firstAddress, CancellationToken.None);

        for (int i = 0; i < 10; i++)
        {
            await SendAsync(push, Text("push"));
        }

        await SendAsync(other, Text("other"));
        string[] atFirst = [.. (await DrainAsync(server, first)).Select(message => Texts(message)[0])];
        Assert.Equal(5, atFirst.Count(text => text == "push"));
        Assert.Single(atFirst, "other");
        Assert.Equal(5, (await DrainAsync(server, second)).Count);
    });

    [Theory]
    [InlineData(MessageSocketKind.Push, MessageSocketKind.Pull)]
    [InlineData(MessageSocketKind.Dealer, MessageSocketKind.Router)]
    public Task A_sender_waits_at_the_mark_until_the_receiver_makes_room(MessageSocketKind sending, MessageSocketKind receiving) =>
        RunAsync(async (server, client) =>
    {
        MessageSocketOptions narrow = Quick with { SendHighWaterMark = 5, ReceiveHighWaterMark = 5 };
        await using IMessageSocket receiver = server.Messaging.Open(receiving, narrow);
        await using IMessageSocket sender = client.Messaging.Open(sending, narrow);
        await sender.ConnectAsync(await BindAsync(server, receiver), CancellationToken.None);
        ReadOnlyMemory<byte> bulk = new byte[LargeMessageBytes];
        int sent = 0;
        while (true)
        {
            using var patience = Deadline.After(client.Clock, TimeSpan.FromMilliseconds(300), CancellationToken.None);
            try
            {
                await sender.SendAsync(new Message(Bytes(Number(sent)), bulk), patience.Token);
                sent++;
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        Assert.Equal(SendOutcome.Full, await sender.TrySendAsync(new Message(Bytes("no"), bulk), CancellationToken.None));
        ValueTask<SendOutcome> waiting = SendAsync(sender, new Message(Bytes(Number(sent)), bulk));
        for (int i = 0; i <= sent; i++)
        {
            Message received = await ReceiveAsync(receiver);
            Assert.Equal(Number(i), Texts(received)[received.Count - 2]);
        }

        Assert.Equal(SendOutcome.Queued, await waiting);
    });

    [Fact]
    public Task A_sender_without_any_peer_waits() => RunAsync(async (server, _) =>
    {
        await using IMessageSocket push = server.Messaging.Open(MessageSocketKind.Push, Quick);

        Assert.Equal(SendOutcome.Full, await push.TrySendAsync(Text("x"), CancellationToken.None));
        using var patience = Deadline.After(server.Clock, TimeSpan.FromMilliseconds(50), CancellationToken.None);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await push.SendAsync(Text("x"), patience.Token));
    });
}
