using System.Collections.Immutable;
using SimGraph.Cluster.Consensus;
using SimGraph.Cluster.Discovery;
using SimGraph.Properties.Cluster.Checkers;
using SimGraph.Properties.Cluster.Faults;
using SimGraph.Properties.Cluster.Plan;
using SimGraph.Replication;
using SimGraph.Replication.Client;
using SimGraph.Replication.Node;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Cluster;

/// <summary>The nodes of a run, the checkers that watch them, and ways to name them by role.</summary>
internal sealed class ClusterUnderTest
{
    private const int Port = 7000;
    private const int DiscoveryPort = 6900;
    private const string ClusterId = "simulated";
    private readonly World _world;

    public ClusterUnderTest(World world, IPlatform harness, ClusterPlan plan)
    {
        _world = world;
        Elections = new ElectionChecker(world, Memberships);
        Commits = new CommitChecker(world, Logs, Memberships);
        Acknowledgements = new AcknowledgementChecker(world, Commits, Logs, Memberships);
        Triggers = new ScriptTriggers(harness.Clock);
        ImmutableSortedDictionary<NodeId, NetworkAddress> members = Enumerable.Range(1, plan.Nodes)
            .ToImmutableSortedDictionary(number => new NodeId(number), AddressOf);
        ChoiceSite clocks = world.Site("plan.machine-clock");
        ImmutableArray<NetworkAddress> seeds = plan.Finding is null ? [] : [.. Enumerable.Range(1, plan.Nodes + plan.Spares).Select(SeedOf)];
        Founders = [.. members.Keys.Select(id => CreateNode(plan, members, id, seeds, clocks))];
        Spares =
        [
            .. Enumerable.Range(plan.Nodes + 1, plan.Spares).Select(number =>
                CreateNode(plan, ImmutableSortedDictionary<NodeId, NetworkAddress>.Empty, new NodeId(number), seeds, clocks)),
        ];
        Nodes = [.. Founders, .. Spares];
        Client = new ClientOptions
        {
            Addresses = plan.Finding is { FoundersByNumber: true } ? [] : [.. Nodes.Select(node => AddressOf(node.Id.Value))],
            Seeds = plan.Finding is null ? null : new StaticSeedSource(seeds),
            ClusterId = ClusterId,
            RequestLimit = plan.ElectionTimeout * (plan.RequestLimitPercent / 100.0),
            OperationLimit = plan.OperationLimit,
            ConnectionAgeLimit = plan.ClientConnectionAgeLimit,
        };
    }

    public ElectionChecker Elections { get; }

    public CommitChecker Commits { get; }

    public AcknowledgementChecker Acknowledgements { get; }

    public DurableLogs Logs { get; } = new();

    public FollowedMemberships Memberships { get; } = new();

    public ScriptTriggers Triggers { get; }

    /// <summary>Those that the cluster begins with.</summary>
    public IReadOnlyList<ClusterNode> Founders { get; }

    /// <summary>Those that the operator may add to it.</summary>
    public IReadOnlyList<ClusterNode> Spares { get; }

    /// <summary>All of them, node i at i - 1.</summary>
    public IReadOnlyList<ClusterNode> Nodes { get; }

    /// <summary>Those that belong to the cluster by what is committed, and have a disk.</summary>
    public IEnumerable<ClusterNode> Members =>
        Nodes.Where(node => !node.IsGone && (Commits.Membership is { } membership ? membership.Contains(node.Id) : Founders.Contains(node)));

    /// <summary>Those of them that have a vote.</summary>
    public IEnumerable<ClusterNode> Voters => Members.Where(node => Commits.Membership?.IsVoter(node.Id) ?? true);

    /// <summary>How clients reach the cluster.</summary>
    public ClientOptions Client { get; }

    /// <summary>The running node that leads the newest term; null if there is none.</summary>
    public ClusterNode? Leader
    {
        get
        {
            ClusterNode? leader = Elections.NewestLeader is { } id ? Nodes[id.Value - 1] : null;
            return leader is { Machine.IsOn: true } ? leader : null;
        }
    }

    /// <summary>The node that a line of the script means now.</summary>
    public ClusterNode Resolve(PlannedFault fault)
    {
        ClusterNode? leader = Leader;
        switch (fault.Target)
        {
            case FaultTarget.Leader when leader is not null:
                return leader;
            case FaultTarget.Follower when leader is not null && Nodes.Count > 1:
                int ordinal = fault.Ordinal % (Nodes.Count - 1);
                return Nodes[ordinal < leader.Id.Value - 1 ? ordinal : ordinal + 1];
            default:
                return Nodes[fault.Ordinal % Nodes.Count];
        }
    }

    /// <summary>What every node is doing, for a report.</summary>
    public string Describe() => string.Join(" | ", Nodes.Select(node =>
        $"n{node.Id.Value}: {(node.Machine.IsOn ? node.Replica?.Status.ToString() ?? "starting" : "off")}"));

    /// <summary>The priority that a plan gives to a node.</summary>
    public static byte PriorityOf(ClusterPlan plan, NodeId node) => (byte)((plan.Priorities >> (2 * (node.Value - 1))) & 3);

    public static NetworkAddress AddressOf(int number) => new($"n{number}", Port);

    private static NetworkAddress SeedOf(int number) => AddressOf(number) with { Port = DiscoveryPort };

    private ClusterNode CreateNode(
        ClusterPlan plan, ImmutableSortedDictionary<NodeId, NetworkAddress> members, NodeId id, ImmutableArray<NetworkAddress> seeds, ChoiceSite clocks)
    {
        Machine machine = _world.AddMachine(AddressOf(id.Value).Host, new MachineOptions
        {
            WallClockOffset = plan.ClockOffsetMax * (Within(clocks) / 1000.0),
            ClockDriftPartsPerMillion = (int)((long)plan.ClockDriftPartsPerMillionMax * Within(clocks) / 1000),
            Disk = plan.Disk,
            StopsAreHeard = true,
        });
        bool byNumber = plan.Finding is { FoundersByNumber: true };
        var options = new ReplicaOptions
        {
            Self = id,
            Members = byNumber ? ImmutableSortedDictionary<NodeId, NetworkAddress>.Empty : members,
            VotersToFind = byNumber ? [.. members.Keys] : [],
            Discovery = plan.Finding is null ? null : new NodeDiscoveryOptions { ListenAddress = SeedOf(id.Value), Seeds = seeds },
            Priorities = members.Keys.ToImmutableSortedDictionary(node => node, node => PriorityOf(plan, node)),
            AdvertisedAddress = AddressOf(id.Value),
            LeaseDriftBound = plan.LeaseDriftBoundPartsPerMillion < 0 ? null : plan.LeaseDriftBoundPartsPerMillion / 1_000_000.0,
            SnapshotChunkBytes = plan.SnapshotChunkBytes,
            ConnectionAgeLimit = plan.ConnectionAgeLimit,
            ConnectionRenewalLimit = plan.ConnectionRenewalLimit,
            DefaultAcknowledgement = plan.Acknowledgements?.Default ?? WriteAcknowledgement.Quorum,
            AcknowledgeAllLimit = plan.Acknowledgements?.AllLimit ?? TimeSpan.FromSeconds(10),
            ClusterId = ClusterId,
            HeartbeatInterval = plan.HeartbeatInterval,
            ElectionTimeout = plan.ElectionTimeout,
            FlushEntries = plan.FlushEntries,
            AppendBytesMax = plan.AppendBytesMax,
        };
        return new ClusterNode(_world, machine, options, this)
        {
            IsHeldDown = members.IsEmpty,
            Relocate = plan.Finding is { } finding ? former => Relocate(machine, former, finding) : null,
            DiskMayFail = plan.Disk.FailedFlushPartsPerMillion + plan.Disk.WriteErrorPartsPerMillion + plan.Disk.ReadErrorPartsPerMillion > 0,
        };
    }

    private ReplicaOptions Relocate(Machine machine, ReplicaOptions former, FindingPlan finding)
    {
        if ((int)_world.Choose(_world.Site("finding.move"), machine, 100) >= finding.MovePercent)
        {
            return former;
        }

        _world.Count("cluster.moves");
        NetworkAddress address = former.AdvertisedAddress!.Value;
        return former with { AdvertisedAddress = address with { Port = address.Port + 1 } };
    }

    /// <summary>From -1000 to 1000.</summary>
    private int Within(ChoiceSite site) => (int)_world.Choose(site, _world.Harness, 2001) - 1000;
}
