using System.Collections.Immutable;
using Microsoft.Coyote.Random;
using SimGraph.Cluster.Consensus;
using SimGraph.Coyote.Tests.Engine;
using SimGraph.Replication.Backup;
using SimGraph.Replication.Client;
using SimGraph.Replication.Fanout.Following;
using SimGraph.Replication.Fanout.Forwarding;
using SimGraph.Replication.Fanout.Health;
using SimGraph.Replication.Fanout.Publishing;
using SimGraph.Replication.Node;
using SimGraph.Runtime.Network;
using SimGraph.Storage.Graph;
using Xunit;

namespace SimGraph.Coyote.Tests.Scenarios;

/// <summary>Those who use a member, over connections or message sockets, are stopped while they do. Every call ends with an answer, and afterwards nothing of them is left.</summary>
public sealed class UserScenarios
{
    private const int Schedules = 12;
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);
    private static readonly GraphCommand Write = new(new CreateNode(LabelSet.Of("written"), PropertyMap.Empty));

    [Fact]
    public void A_client_is_stopped_in_the_middle_of_a_write() => ExploreCalls("client stopped", member =>
    {
        var client = new GraphClient(member.Site.AddMachine("client"), MemberUnderUse.Client);
        return (() => client.WriteAsync(Write, CancellationToken.None), client.StopAsync);
    });

    [Fact]
    public void An_administrator_is_stopped_in_the_middle_of_a_question() => ExploreCalls("administrator stopped", member =>
    {
        var client = new ClusterAdministrator(member.Site.AddMachine("operator"), MemberUnderUse.Client);
        return (() => client.DescribeAsync(CancellationToken.None), client.StopAsync);
    });

    [Fact]
    public void A_forwarding_client_is_stopped_in_the_middle_of_a_write() => ExploreCalls("forwarding client stopped", member =>
    {
        var client = new ForwardingClient(member.Site.AddMachine("forwarder"), MemberUnderUse.Forwarding);
        return (() => client.WriteAsync(Write, CancellationToken.None), client.StopAsync);
    });

    [Fact]
    public void A_backup_is_cancelled_while_it_is_taken() => ExploreCalls("backup cancelled", member =>
    {
        var stopping = new CancellationTokenSource();
        var taker = new BackupTaker(member.Site.AddMachine("backup"), MemberUnderUse.Backup);
        return (() => taker.TakeAsync(stopping.Token), () =>
        {
            stopping.Cancel();
            return Task.CompletedTask;
        });
    });

    [Fact]
    public void A_publisher_is_stopped_twice_while_it_starts()
    {
        FineLane.Explore("publisher stopped while starting", Schedules * 4, async () =>
        {
            var member = new MemberUnderUse();
            await member.StartNodeAsync();
            Task start = Task.Run(member.StartPublisherAsync);
            if (Generator.Create().NextBoolean())
            {
                await start;
            }

            Task first = Task.Run(member.StopPublisherAsync);
            Task second = Task.Run(member.StopPublisherAsync);
            await first;
            await second;
            await start;
            await member.StopNodeAsync();
            member.Site.AssertNothingLeft();
        });
    }

    [Fact]
    public void A_read_replica_is_stopped_twice_while_it_starts_and_follows()
    {
        int followed = 0;
        FineLane.Explore("read replica stopped", Schedules, async () =>
        {
            var member = new MemberUnderUse();
            await member.StartNodeAsync();
            await member.StartPublisherAsync();
            var replica = new ReadReplica(member.Site.AddMachine("replica"), MemberUnderUse.Following);
            Task start = Task.Run(() => EndsAsync(() => replica.StartAsync(CancellationToken.None)));
            Task<bool> question = Task.Run(() => EndsAsync(() => replica.AskAsync(new CountNodes(), CancellationToken.None)));
            if (Generator.Create().NextBoolean())
            {
                await start;
                await member.Site.DriveTimeAsync(25, () => replica.Status.Applied.Index > 0);
            }

            followed += replica.Status.Applied.Index > 0 ? 1 : 0;
            Task first = Task.Run(() => Promise.EndsAsync<StopReturns>(replica.StopAsync()));
            Task second = Task.Run(() => Promise.EndsAsync<StopReturns>(replica.StopAsync()));
            await first;
            await second;
            await start;
            await question;
            await member.StopPublisherAsync();
            await member.StopNodeAsync();
            member.Site.AssertNothingLeft();
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{followed} schedules applied something before the stop");
        Assert.True(followed > 0, "no replica ever followed");
    }

    // A member that leads, a call that is under way, and three stops: of the user twice, and of what it uses.
    private static void ExploreCalls(string name, Func<MemberUnderUse, (Func<Task> Call, Func<Task> StopAsync)> create)
    {
        int answered = 0;
        int schedules = FineLane.Explore(name, Schedules, async () =>
        {
            var member = new MemberUnderUse();
            await member.StartNodeAsync();
            await member.StartPublisherAsync();
            await member.Site.DriveTimeAsync(30, () => member.Leads);
            (Func<Task> call, Func<Task> stop) = create(member);
            Task<bool> asked = Task.Run(() => EndsAsync(call));
            if (Generator.Create().NextBoolean())
            {
                await member.Site.DriveTimeAsync(30, () => asked.IsCompleted);
            }

            Task first = Task.Run(() => Promise.EndsAsync<StopReturns>(stop()));
            Task second = Task.Run(() => Promise.EndsAsync<StopReturns>(stop()));
            await first;
            await second;
            answered += await asked ? 1 : 0;
            await member.StopPublisherAsync();
            await member.StopNodeAsync();
            member.Site.AssertNothingLeft();
        }).Schedules;
        TestContext.Current.TestOutputHelper?.WriteLine($"{answered} of {schedules} calls were answered before the stop");
        Assert.InRange(answered, 1, schedules - 1);
    }

    // True with an answer; false when the stop was first.
    private static async Task<bool> EndsAsync(Func<Task> action)
    {
        try
        {
            await action();
            return true;
        }
        catch (Exception exception) when (exception is ObjectDisposedException or OutcomeUnknownException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>A cluster of one member that publishes.</summary>
    private sealed class MemberUnderUse
    {
        private static readonly NetworkAddress Address = new("node1", 1);
        private static readonly NetworkAddress Publish = new("node1", 2);
        private static readonly NetworkAddress Control = new("node1", 3);
        private static readonly NetworkAddress Forward = new("node1", 4);
        private readonly CommittedPublisher _publisher;
        private readonly ReplicaNode _node;

        internal MemberUnderUse()
        {
            FineLanePlatform machine = Site.AddMachine("node1");
            _publisher = new CommittedPublisher(machine, new PublisherOptions
            {
                PublishAddress = Publish,
                ControlAddress = Control,
                ForwardAddress = Forward,
                Cluster = Client,
                BeatInterval = TimeSpan.FromSeconds(3),
                Health = new HealthOptions(),
                ForwardersMax = 1,
                StopLimit = Long,
            });
            _node = new ReplicaNode(machine, Options, _publisher.Tap());
        }

        internal static ClientOptions Client => new() { Addresses = [Address], ConnectLimit = Long, HandshakeLimit = Long, RequestLimit = Long, OperationLimit = Long };

        internal static ForwardingOptions Forwarding => new() { Name = "f", Targets = [new ForwardingTarget(Forward, Control)], ReplyLimit = Long, OperationLimit = Long };

        internal static BackupOptions Backup => new() { Addresses = [Address], ConnectLimit = Long, HandshakeLimit = Long, RequestLimit = Long };

        internal static ReadReplicaOptions Following => new()
        {
            Name = "r", Sources = [new FanoutSource(Publish, Control)], ReportInterval = TimeSpan.FromSeconds(3), RequestLimit = TimeSpan.FromSeconds(3), SilenceLimit = Long, StopLimit = Long,
        };

        internal FineLaneSite Site { get; } = new();

        internal bool Leads => _node.Status is { Role: ConsensusRole.Leader, AppliedIndex: > 0 };

        // Only ticks move these scenarios: a limit on a connection would turn slow schedules into failed ones.
        private static ReplicaOptions Options => new()
        {
            Self = new NodeId(1),
            Members = ImmutableSortedDictionary<NodeId, NetworkAddress>.Empty.Add(new NodeId(1), Address),
            HeartbeatInterval = TimeSpan.FromSeconds(1),
            ElectionTimeout = TimeSpan.FromSeconds(2),
            ConnectLimit = Long,
            HandshakeLimit = Long,
            WriteLimit = Long,
            IdleLimit = Long,
            StopLimit = Long,
            DrainLimit = Long,
        };

        internal Task StartNodeAsync() => _node.StartAsync(CancellationToken.None);

        internal async Task StartPublisherAsync() => await EndsAsync(() => _publisher.StartAsync(_node, CancellationToken.None));

        internal Task StopNodeAsync() => Promise.EndsAsync<StopReturns>(_node.StopAsync());

        internal Task StopPublisherAsync() => Promise.EndsAsync<StopReturns>(_publisher.StopAsync());
    }
}
