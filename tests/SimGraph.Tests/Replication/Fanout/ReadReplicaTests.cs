// A read replica against a publisher that the test plays itself, in simulation: what it applies, what it passes over, and what it must not.

using System.Text;
using SimGraph.Replication.Fanout.Following;
using SimGraph.Replication.Fanout.Wire;
using SimGraph.Runtime;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Log;
using SimGraph.Tests.Simulation;
using Xunit;

namespace SimGraph.Tests.Replication.Fanout;

public sealed class ReadReplicaTests
{
    private static readonly byte[] Topic = "simgraph/"u8.ToArray();

    [Fact]
    public void Entries_are_applied_in_order_and_repeated_ones_are_skipped() => Run(async scene =>
    {
        await scene.PublishAsync(Entry(1), Entry(1), Entry(2), Entry(1), Entry(3));
        await scene.SettleAsync();

        Assert.Equal(new LogPosition(3, 1), scene.Replica.Status.Applied);
        Assert.Equal(2, scene.Replica.Status.Repeated);
        Assert.Equal(0, scene.Replica.Status.Gaps);
    });

    [Fact]
    public void A_hole_is_asked_for_and_what_came_behind_it_is_kept() => Run(async scene =>
    {
        await scene.PublishAsync(Entry(1), Entry(4), Entry(3));
        await scene.SettleAsync();
        Assert.Equal(1ul, scene.Replica.Status.Applied.Index);

        CatchUpRequest asked = await scene.ReceiveCatchUpAsync();
        Assert.Equal(2ul, asked.FromIndex);
        await scene.AnswerAsync(new EntriesMessage(asked.Request, [new LogEntry(2, 1, LogEntryKind.NoOperation, default)]).Encode());
        await scene.SettleAsync();

        Assert.Equal(4ul, scene.Replica.Status.Applied.Index);
    });

    [Fact]
    public void An_entry_of_an_unknown_kind_is_never_taken_for_applied() => Run(async scene =>
    {
        await scene.PublishAsync(Entry(1), new EntryMessage(1, new LogEntry(2, 1, (LogEntryKind)200, default)).Encode(), Entry(3));
        await scene.SettleAsync();

        Assert.Equal(1ul, scene.Replica.Status.Applied.Index);
        Assert.Equal(1, scene.Replica.Status.Malformed);
        CatchUpRequest asked = await scene.ReceiveCatchUpAsync();
        Assert.Equal(2ul, asked.FromIndex);
        await scene.AnswerAsync(new EntriesMessage(asked.Request, [new LogEntry(2, 1, (LogEntryKind)200, default)]).Encode());
        await scene.SettleAsync();

        Assert.Equal(1ul, scene.Replica.Status.Applied.Index);
        Assert.Equal(1ul, (await scene.ReceiveReportAsync()).Applied.Index);
    });

    [Fact]
    public void What_is_malformed_is_counted_and_changes_nothing() => Run(async scene =>
    {
        await scene.PublishAsync(Entry(1), [], [1], [9, 1, 2], [1, 250], new byte[5000], new CatchUpRequest(1, 1).Encode());
        await scene.Publisher.SendAsync(new Message("simgraph/other"u8.ToArray(), Entry(2)), CancellationToken.None);
        await scene.PublishAsync(Entry(2));
        await scene.SettleAsync();

        Assert.Equal(2ul, scene.Replica.Status.Applied.Index);
        Assert.InRange(scene.Replica.Status.Malformed, 5, 7);
        Assert.False(scene.Replica.Completion.IsCompleted);
    });

    [Fact]
    public void An_entry_of_an_older_term_behind_a_newer_one_is_refused() => Run(async scene =>
    {
        await scene.PublishAsync(Entry(1, term: 5), Entry(2, term: 4));
        await scene.SettleAsync();

        Assert.Equal(new LogPosition(1, 5), scene.Replica.Status.Applied);
        Assert.Equal(1, scene.Replica.Status.Malformed);
    });

    [Fact]
    public void A_silent_publisher_is_left_once_in_each_limit_and_not_more_often() => Run(async scene =>
    {
        await scene.Publisher.DisposeAsync();
        await scene.Router.DisposeAsync();
        await scene.Platform.Clock.DelayAsync(TimeSpan.FromSeconds(26), CancellationToken.None);

        Assert.InRange(scene.Replica.Status.SourceChanges, 4, 5);
    });

    private static byte[] Entry(ulong index, ulong term = 1) =>
        new EntryMessage(1, new LogEntry(index, term, LogEntryKind.NoOperation, default)).Encode();

    private static void Run(Func<Scene, Task> body)
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            RunResult result = Worlds.Run(seed, async (world, _) =>
            {
                (Machine server, IPlatform serverPlatform) = await Worlds.BootIdleAsync(world, "n1");
                (Machine client, IPlatform clientPlatform) = await Worlds.BootIdleAsync(world, "r1");
                IMessageSocket publisher = serverPlatform.Messaging.Open(MessageSocketKind.Publisher, new MessageSocketOptions());
                IMessageSocket router = serverPlatform.Messaging.Open(MessageSocketKind.Router, new MessageSocketOptions());
                NetworkAddress publish = await publisher.BindAsync(new NetworkAddress("n1", 9090), CancellationToken.None);
                NetworkAddress control = await router.BindAsync(new NetworkAddress("n1", 9091), CancellationToken.None);
                var replica = new ReadReplica(clientPlatform, new ReadReplicaOptions { Name = "r1", Sources = [new FanoutSource(publish, control)] });
                await replica.StartAsync(CancellationToken.None);
                var scene = new Scene(clientPlatform, publisher, router, replica);
                await scene.SettleAsync();
                await body(scene);
                await replica.StopAsync();
                await publisher.DisposeAsync();
                await router.DisposeAsync();
                await client.StopAsync(Worlds.StopLimit);
                await server.StopAsync(Worlds.StopLimit);
            });
            Assert.Null(result.Violation);
        }
    }

    private sealed record Scene(IPlatform Platform, IMessageSocket Publisher, IMessageSocket Router, ReadReplica Replica)
    {
        private static readonly byte[] Identity = Encoding.UTF8.GetBytes("r/r1");

        public async Task SettleAsync() => await Platform.Clock.DelayAsync(TimeSpan.FromMilliseconds(200), CancellationToken.None);

        public async Task PublishAsync(params byte[][] payloads)
        {
            foreach (byte[] payload in payloads)
            {
                await Publisher.SendAsync(new Message(Topic, payload), CancellationToken.None);
            }
        }

        public async Task AnswerAsync(byte[] payload) => await Router.SendAsync(new Message(Identity, payload), CancellationToken.None);

        public async Task<CatchUpRequest> ReceiveCatchUpAsync() => CatchUpRequest.Decode((await ReceiveAsync(FanoutKind.CatchUp)).Span);

        public async Task<ReportMessage> ReceiveReportAsync()
        {
            // Those that were sent before now.
            using var patience = Deadline.After(Platform.Clock, TimeSpan.FromSeconds(3), CancellationToken.None);
            ReportMessage last = default;
            try
            {
                while (true)
                {
                    last = ReportMessage.Decode((await ReceiveAsync(FanoutKind.Report, patience.Token)).Span);
                }
            }
            catch (OperationCanceledException)
            {
                return last;
            }
        }

        private async Task<ReadOnlyMemory<byte>> ReceiveAsync(FanoutKind kind, CancellationToken cancellationToken = default)
        {
            while (true)
            {
                Message message = await Router.ReceiveAsync(cancellationToken);
                if (FanoutReader.KindOf(message[1].Span) == kind)
                {
                    return message[1];
                }
            }
        }
    }
}
