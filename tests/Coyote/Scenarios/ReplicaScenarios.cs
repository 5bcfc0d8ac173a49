using System.Collections.Immutable;
using Microsoft.Coyote.Random;
using SimGraph.Cluster.Consensus;
using SimGraph.Coyote.Tests.Engine;
using SimGraph.Replication.Client;
using SimGraph.Replication.Node;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime.Network;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Coyote.Tests.Scenarios;

/// <summary>Whole nodes, with their logs, connections and timers, are stopped while they work. Afterwards nothing of them is left.</summary>
public sealed class ReplicaScenarios
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    public void A_single_node_is_stopped_while_it_starts_and_elects_itself()
    {
        int committed = 0;
        int schedules = FineLane.Explore("single node stopped", 60, async () =>
        {
            var world = new ReplicaWorld(members: 1);
            Task start = Task.Run(() => world.StartAsync(0));
            if (Generator.Create().NextBoolean())
            {
                await start;
            }

            Task time = Task.Run(() => world.DriveTimeAsync(timersMax: 30, until: () => world.Commits > 0));
            if (start.IsCompleted && Generator.Create().NextBoolean())
            {
                await time;
            }

            Task firstStop = Task.Run(() => world.StopAsync(0));
            Task secondStop = Task.Run(() => world.StopAsync(0));
            await start;
            await firstStop;
            await secondStop;
            await time;
            world.AssertNothingLeft();
            committed += world.Commits > 0 ? 1 : 0;
        }).Schedules;
        TestContext.Current.TestOutputHelper?.WriteLine($"{committed} schedules committed an entry");
        Assert.InRange(committed, schedules / 10, schedules - (schedules / 10));
    }

    [Fact]
    public void Two_nodes_are_stopped_in_the_middle_of_a_replication_round()
    {
        int led = 0;
        int committed = 0;
        int schedules = FineLane.Explore("two nodes stopped", 15, async () =>
        {
            var world = new ReplicaWorld(members: 2);
            await world.StartAsync(0);
            await world.StartAsync(1);

            // Time goes on until there is a leader, whose first entry is then on its way to the other.
            await world.DriveTimeAsync(timersMax: 60, until: () => world.Leaders > 0);
            Task first = Task.Run(() => world.StopAsync(0));
            Task time = Task.Run(() => world.DriveTimeAsync(timersMax: 4, until: () => first.IsCompleted));
            await first;
            await world.StopAsync(1);
            await time;
            world.AssertNothingLeft();
            led += world.Leaders > 0 ? 1 : 0;
            committed += world.Commits > 0 ? 1 : 0;
        }).Schedules;
        TestContext.Current.TestOutputHelper?.WriteLine($"{led} schedules had a leader, {committed} committed its entry before the stop");
        Assert.True(led >= schedules / 2, $"only {led} of {schedules} schedules had a leader");
    }

    [Fact]
    public void Two_nodes_survive_the_reset_of_every_connection_in_a_replication_round()
    {
        FineLane.Explore("two nodes reset", 8, async () =>
        {
            var world = new ReplicaWorld(members: 2);
            await world.StartAsync(0);
            await world.StartAsync(1);
            await Promise.EndsAsync<LeaderIsElected>(world.DriveTimeAsync(int.MaxValue, until: () => world.Leaders > 0));
            Task reset = Task.Run(world.ResetConnections);
            await Promise.EndsAsync<EntryIsCommitted>(world.DriveTimeAsync(int.MaxValue, until: () => world.Commits > 1));
            await reset;
            await world.StopAsync(1);
            await world.StopAsync(0);
            world.AssertNothingLeft();
        },
        new FineLaneLimits { UnfairSteps = 1000 });
    }

    [Fact]
    public void Nodes_whose_connections_are_always_reset_are_found_to_commit_nothing_ever()
    {
        FineLaneOutcome found = FineLane.Search(
            "planted resets without end",
            20,
            async () =>
            {
                var world = new ReplicaWorld(members: 2);
                await world.StartAsync(0);
                await world.StartAsync(1);
                await Promise.EndsAsync<EntryIsCommitted>(world.DriveTimeAsync(int.MaxValue, until: () =>
                {
                    world.ResetConnections();
                    return world.Commits > 1;
                }));
                await world.StopAsync(1);
                await world.StopAsync(0);
            },
            new FineLaneLimits { UnfairSteps = 600, PromiseSteps = 1200 });
        Assert.Contains(nameof(EntryIsCommitted), found.Bug, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_is_stopped_in_the_middle_of_a_change_of_the_membership()
    {
        int changed = 0;
        int schedules = FineLane.Explore("stopped in a membership change", 15, async () =>
        {
            var world = new ReplicaWorld(members: 1, joiners: 1);
            await world.StartAsync(0);
            await world.StartAsync(1);
            await world.DriveTimeAsync(timersMax: 30, until: () => world.Leaders > 0);
            Task change = Task.Run(() => world.AdministerAsync(administrator => administrator.AddLearnerAsync(
                new NodeId(2), new NetworkAddress("node2", 1), priority: 0, CancellationToken.None)));
            int turns = Generator.Create().NextInteger(30);
            await world.DriveTimeAsync(turns, until: () => change.IsCompleted);
            Task first = Task.Run(() => world.StopAsync(0));
            Task second = Task.Run(() => world.StopAsync(1));

            // A node waits for its clients to go, and no time passes any more.
            await world.StopAdministratorAsync();
            await first;
            await second;
            await change;
            world.AssertNothingLeft();
            changed += world.Memberships > 3 ? 1 : 0;
        }).Schedules;
        TestContext.Current.TestOutputHelper?.WriteLine($"{changed} schedules changed the membership before the stop");
        Assert.True(changed > 0, "no schedule changed the membership");
    }

    [Fact]
    public void A_leader_is_stopped_while_it_hands_its_leadership_over()
    {
        int led = 0;
        int schedules = FineLane.Explore("stopped in a transfer", 15, async () =>
        {
            var world = new ReplicaWorld(members: 2);
            await world.StartAsync(0);
            await world.StartAsync(1);
            await world.DriveTimeAsync(timersMax: 60, until: () => world.Leaders > 0);
            Task transfer = Task.Run(() => world.AdministerAsync(administrator => administrator.TransferLeadershipAsync(new NodeId(2), CancellationToken.None)));
            int turns = Generator.Create().NextInteger(20);
            await world.DriveTimeAsync(turns, until: () => transfer.IsCompleted);
            Task first = Task.Run(() => world.StopAsync(0));
            Task time = Task.Run(() => world.DriveTimeAsync(timersMax: 4, until: () => first.IsCompleted));
            await world.StopAdministratorAsync();
            await first;
            await world.StopAsync(1);
            await time;
            await transfer;
            world.AssertNothingLeft();
            led += world.Leaders > 0 ? 1 : 0;
        }).Schedules;
        TestContext.Current.TestOutputHelper?.WriteLine($"{led} schedules had a leader");
        Assert.True(led >= schedules / 2, $"only {led} of {schedules} schedules had a leader");
    }

    /// <summary>The machines of a cluster, on one clock and one network.</summary>
    private sealed class ReplicaWorld : IReplicaObserver
    {
        private readonly FineLaneSite _site = new();
        private readonly ReplicaNode[] _nodes;
        private readonly ClusterAdministrator _administrator;
        private int _commits;
        private int _leaders;
        private int _memberships;

        internal ReplicaWorld(int members, int joiners = 0)
        {
            ImmutableSortedDictionary<NodeId, NetworkAddress> addresses = Enumerable.Range(1, members)
                .ToImmutableSortedDictionary(id => new NodeId(id), id => new NetworkAddress($"node{id}", 1));
            _nodes = [.. Enumerable.Range(1, members + joiners).Select(
                id => new ReplicaNode(_site.AddMachine($"node{id}"), Options(new NodeId(id), id <= members ? addresses : Nobody), this))];
            _administrator = new ClusterAdministrator(_site.AddMachine("operator"), new ClientOptions
            {
                Addresses = [new NetworkAddress("node1", 1)],
                ConnectLimit = Long,
                HandshakeLimit = Long,
                RequestLimit = Long,
                OperationLimit = Long,
            });
        }

        internal int Commits => Volatile.Read(ref _commits);

        internal int Leaders => Volatile.Read(ref _leaders);

        internal int Memberships => Volatile.Read(ref _memberships);

        private static ImmutableSortedDictionary<NodeId, NetworkAddress> Nobody => ImmutableSortedDictionary<NodeId, NetworkAddress>.Empty;

        /// <summary>Asks for something that may or may not come about before the stop.</summary>
        internal async Task AdministerAsync(Func<ClusterAdministrator, Task> wish)
        {
            try
            {
                await wish(_administrator);
            }
            catch (Exception exception) when (exception is ObjectDisposedException or TimeoutException or RequestRefusedException)
            {
                // Stopped before it came about, or before the leader knew its learner.
            }
        }

        internal Task StopAdministratorAsync() => _administrator.StopAsync();

        public void MembershipChanged(Membership membership, ulong index) => Interlocked.Increment(ref _memberships);

        internal async Task StartAsync(int node)
        {
            try
            {
                await _nodes[node].StartAsync(CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                // Stopped before it had started.
            }
        }

        internal void ResetConnections() => _site.ResetConnections();

        internal Task StopAsync(int node) => Promise.EndsAsync<StopReturns>(_nodes[node].StopAsync());

        internal Task DriveTimeAsync(int timersMax, Func<bool> until) => _site.DriveTimeAsync(timersMax, until);

        internal void AssertNothingLeft()
        {
            _site.AssertNothingLeft();
            Assert.All(_nodes, node => Assert.True(node.Completion.IsCompletedSuccessfully));
        }

        public void Started(HardState hard, LogPosition last, ReplicatedStateMachine state)
        {
        }

        public void RoleChanged(ConsensusRole role, ulong term, NodeId? leader)
        {
            if (role == ConsensusRole.Leader)
            {
                Interlocked.Increment(ref _leaders);
            }
        }

        public void Committed(LogEntry entry) => Interlocked.Increment(ref _commits);

        public void Applied(LogEntry entry, ReplicatedStateMachine state)
        {
        }

        public void StateFlushed(LogPosition position)
        {
        }

        public void SnapshotInstalled(LogPosition position, ReplicatedStateMachine state)
        {
        }

        // Only ticks move these scenarios: a limit on a connection would turn slow schedules into failed ones.
        private static ReplicaOptions Options(NodeId self, ImmutableSortedDictionary<NodeId, NetworkAddress> members) => new()
        {
            Self = self,
            Members = members,
            AdvertisedAddress = new NetworkAddress($"node{self.Value}", 1),
            HeartbeatInterval = TimeSpan.FromSeconds(1),
            ElectionTimeout = TimeSpan.FromSeconds(2),
            ConnectLimit = Long,
            HandshakeLimit = Long,
            WriteLimit = Long,
            IdleLimit = Long,
            StopLimit = Long,
            DrainLimit = Long,
        };
    }
}
