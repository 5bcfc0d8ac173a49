// Negative controls of the simulated message sockets: each way to lose a message happens, is counted, and does not happen in the same scene without its cause.
// And what no fault may do: tear a message, double it, or reorder the messages of a peer.

using System.Buffers.Binary;
using SimGraph.Runtime;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Network;
using Xunit;

namespace SimGraph.Tests.Simulation;

public sealed class MessageLossTests
{
    private const int Port = 9000;
    private static readonly MessageSocketOptions Narrow = new() { SendHighWaterMark = 3, ReceiveHighWaterMark = 3 };
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_publisher_drops_at_the_mark_of_a_subscriber_that_does_not_read(bool overrun)
    {
        RunResult result = RunPair(MessageSocketKind.Publisher, MessageSocketKind.Subscriber, async scene =>
        {
            await scene.Client.SubscribeAsync(default, CancellationToken.None);
            await scene.SettleAsync();
            await scene.SendBulkAsync(scene.Server, overrun ? 200 : 3, []);
        });

        Assert.Equal(overrun, result.Counters.ContainsKey("messages.lost.subscriber-at-mark"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_slow_joiner_misses_what_is_published_before_its_subscription_arrives(bool slow)
    {
        RunResult result = RunPair(MessageSocketKind.Publisher, MessageSocketKind.Subscriber, async scene =>
        {
            if (!slow)
            {
                await scene.Client.SubscribeAsync(default, CancellationToken.None);
            }

            await scene.SettleAsync();
            await scene.Client.SubscribeAsync(default, CancellationToken.None);
            await scene.SendBulkAsync(scene.Server, 1, []);
            await scene.SettleAsync();
        });

        Assert.Equal(slow, result.Counters.ContainsKey("messages.lost.not-subscribed"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_router_drops_at_the_mark_of_a_peer(bool overrun)
    {
        RunResult result = RunPair(MessageSocketKind.Router, MessageSocketKind.Dealer, async scene =>
        {
            await scene.SettleAsync();
            await scene.SendBulkAsync(scene.Server, overrun ? 200 : 3, Scene.Identity);
        });

        Assert.Equal(overrun, result.Counters.ContainsKey("messages.lost.peer-at-mark"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_router_drops_for_a_peer_that_it_does_not_know(bool early)
    {
        RunResult result = RunPair(MessageSocketKind.Router, MessageSocketKind.Dealer, async scene =>
        {
            if (!early)
            {
                await scene.SettleAsync();
            }

            await scene.SendBulkAsync(scene.Server, 1, Scene.Identity);
            await scene.SettleAsync();
        });

        Assert.Equal(early, result.Counters.ContainsKey("messages.lost.unknown-peer"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_waits_for_a_peer_that_leaves_is_lost_on_the_side_that_binds(bool leaves)
    {
        RunResult result = RunPair(MessageSocketKind.Router, MessageSocketKind.Dealer, async scene =>
        {
            await scene.SettleAsync();
            for (int i = 0; i < 30; i++)
            {
                await scene.SendBulkAsync(scene.Server, 1, Scene.Identity);
                await scene.SettleAsync();
            }

            if (leaves)
            {
                await scene.Client.DisposeAsync();
                await scene.SettleAsync();
            }
        });

        Assert.Equal(leaves, result.Counters.ContainsKey("messages.lost.peer-left"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_connection_carries_when_it_breaks_is_lost(bool breaks)
    {
        RunResult result = RunPair(MessageSocketKind.Pull, MessageSocketKind.Push, async scene =>
        {
            await scene.SettleAsync();
            using var patience = Deadline.After(scene.Platform.Clock, Long, CancellationToken.None);
            try
            {
                await scene.SendBulkAsync(scene.Client, 200, [], patience.Token);
            }
            catch (OperationCanceledException)
            {
                // Every buffer is full.
            }

            if (breaks)
            {
                scene.ServerMachine.Crash();
                await scene.SettleAsync();
            }
        });

        Assert.Equal(breaks, result.Faults.ContainsKey("messages.connection-broke"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_unsent_when_its_socket_closes_is_lost(bool unsent)
    {
        RunResult result = RunPair(MessageSocketKind.Pull, MessageSocketKind.Push, async scene =>
        {
            await scene.SettleAsync();
            if (unsent)
            {
                scene.World.Network.Partition(scene.ServerMachine, scene.ClientMachine);
            }

            using var patience = Deadline.After(scene.Platform.Clock, Long, CancellationToken.None);
            try
            {
                await scene.SendBulkAsync(scene.Client, unsent ? 200 : 3, [], patience.Token);
            }
            catch (OperationCanceledException)
            {
                // At the mark.
            }

            await scene.SettleAsync();
        });

        Assert.Equal(unsent, result.Counters.ContainsKey("messages.lost.socket-closed"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_frame_that_is_too_large_ends_the_connection(bool large)
    {
        RunResult result = RunPair(MessageSocketKind.Pull, MessageSocketKind.Push, async scene =>
        {
            await scene.Client.SendAsync(new Message(new byte[large ? 9000 : 7000]), CancellationToken.None);
            await scene.SettleAsync();
        });

        Assert.Equal(large, result.Faults.ContainsKey("messages.too-large"));
    }

    [Fact]
    public void A_socket_that_is_left_open_is_a_leak()
    {
        RunResult result = Worlds.Run(1, async (world, harness) =>
        {
            Machine machine = world.AddMachine("m", new MachineOptions());
            machine.Boot((platform, stop) =>
            {
                _ = platform.Messaging.Open(MessageSocketKind.Pull, Narrow);
                return Worlds.UntilStoppedAsync(stop);
            });
            await machine.StopAsync(Worlds.StopLimit);
        });

        Assert.Equal("leak.outlived-stop", result.Violation?.Name);
        Assert.Contains("MessageSocket socket-1-Pull (created by main", result.Violation!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_fault_of_the_network_tears_doubles_or_reorders_messages()
    {
        long lost = 0;
        for (ulong seed = 0; seed < 30; seed++)
        {
            RunResult result = RunPair(
                MessageSocketKind.Pull,
                MessageSocketKind.Push,
                ReceiveUnderFaultsAsync,
                seed,
                new NetworkFaultOptions { ResetPartsPerMillion = 30_000, HalfOpenPartsPerMillion = 5_000, SegmentationPartsPerMillion = 200_000, PartialReadPartsPerMillion = 200_000 });
            lost += result.Faults.GetValueOrDefault("messages.connection-broke");
        }

        Assert.NotEqual(0, lost);
    }

    private static async Task ReceiveUnderFaultsAsync(Scene scene)
    {
        const int Messages = 300;
        Task sending = SendNumberedAsync(scene, Messages);
        int last = -1;
        int received = 0;
        while (last < Messages - 1)
        {
            using var patience = Deadline.After(scene.Platform.Clock, TimeSpan.FromSeconds(30), CancellationToken.None);
            Message message;
            try
            {
                message = await scene.Server.ReceiveAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            int number = BinaryPrimitives.ReadInt32LittleEndian(message[0].Span);
            Assert.True(number > last, $"{number} after {last}");
            Assert.Equal(2, message.Count);
            Assert.True(message[1].Span.IndexOfAnyExcept((byte)number) < 0 && message[1].Length == number * 7);
            last = number;
            received++;
        }

        await sending;
        Assert.InRange(received, 1, Messages);
    }

    private static async Task SendNumberedAsync(Scene scene, int messages)
    {
        for (int i = 0; i < messages; i++)
        {
            var number = new byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(number, i);
            var bulk = new byte[i * 7];
            bulk.AsSpan().Fill((byte)i);
            await scene.Client.SendAsync(new Message(number, bulk), CancellationToken.None);
        }
    }

    private static RunResult RunPair(
        MessageSocketKind server, MessageSocketKind client, Func<Scene, Task> body, ulong seed = 1, NetworkFaultOptions? faults = null)
    {
        RunResult result = Worlds.Run(
            seed,
            async (world, _) =>
            {
                (Machine serverMachine, IPlatform serverPlatform) = await Worlds.BootIdleAsync(world, "server");
                (Machine clientMachine, IPlatform clientPlatform) = await Worlds.BootIdleAsync(world, "client");
                IMessageSocket bound = serverPlatform.Messaging.Open(server, Narrow with { FrameBytesMax = 8000 });
                NetworkAddress address = await bound.BindAsync(new NetworkAddress("server", Port), CancellationToken.None);
                IMessageSocket connected = clientPlatform.Messaging.Open(client, Narrow with { Identity = Scene.Identity });
                await connected.ConnectAsync(address, CancellationToken.None);
                await body(new Scene(world, clientPlatform, serverMachine, clientMachine, bound, connected));
                await connected.DisposeAsync();
                if (serverMachine.IsOn)
                {
                    await bound.DisposeAsync();
                }

                await clientMachine.StopAsync(Worlds.StopLimit);
                await serverMachine.StopAsync(Worlds.StopLimit);
            },
            options => options with { Network = new NetworkOptions { WindowBytes = 4096, Faults = faults ?? NetworkFaultOptions.None } });
        Assert.Null(result.Violation);
        return result;
    }

    private sealed record Scene(
        World World, IPlatform Platform, Machine ServerMachine, Machine ClientMachine, IMessageSocket Server, IMessageSocket Client)
    {
        public static readonly byte[] Identity = [(byte)'c'];

        public async Task SettleAsync() => await Platform.Clock.DelayAsync(TimeSpan.FromSeconds(1), CancellationToken.None);

        public async Task SendBulkAsync(IMessageSocket socket, int messages, byte[] identity, CancellationToken cancellationToken = default)
        {
            for (int i = 0; i < messages; i++)
            {
                await socket.SendAsync(
                    identity.Length > 0 ? new Message(identity, new byte[1000]) : new Message(new byte[1000]), cancellationToken);
            }
        }
    }
}
