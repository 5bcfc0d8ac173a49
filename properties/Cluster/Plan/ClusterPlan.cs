using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Exploration.Shrinking;
using SimGraph.Simulation.Network;

namespace SimGraph.Properties.Cluster.Plan;

/// <summary>Everything that a cluster run is made from, drawn from its choices or written by hand. Printed with the seed.</summary>
public sealed record ClusterPlan
{
    /// <summary>Voting members that the cluster begins with, 1 to 7.</summary>
    [ShrinksToLeast(1)]
    public int Nodes { get; init; } = 3;

    /// <summary>Nodes that may be added to it.</summary>
    [ShrinksToLeast]
    public int Spares { get; init; }

    /// <summary>Priority of node i is bits 2i and 2i + 1 of it; 0 for equals.</summary>
    public int Priorities { get; init; }

    /// <summary>Drift bound of leases, in parts per million; below zero for none.</summary>
    public int LeaseDriftBoundPartsPerMillion { get; init; } = -1;

    /// <summary>Share of reads that ask for the lease, in percent.</summary>
    public int LeaseReadPercent { get; init; }

    /// <summary>How writes are acknowledged; null: each when a quorum has it, and no client says so.</summary>
    public AcknowledgementPlan? Acknowledgements { get; init; }

    /// <summary>How nodes find each other; null: at the addresses of the membership, where they stay.</summary>
    public FindingPlan? Finding { get; init; }

    /// <summary>How old the nodes let connections become.</summary>
    public TimeSpan ConnectionAgeLimit { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long they let one take to end.</summary>
    public TimeSpan ConnectionRenewalLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How old the clients let theirs become.</summary>
    public TimeSpan ClientConnectionAgeLimit { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Bytes of a state that are sent with one write.</summary>
    public int SnapshotChunkBytes { get; init; } = 256 * 1024;

    /// <summary>Clients, each on a machine of its own, 1 to 64.</summary>
    [ShrinksToLeast(1)]
    public int Clients { get; init; } = 3;

    /// <summary>Operations of each client while faults go on, behind those that set up what is its own.</summary>
    [ShrinksToLeast]
    public int OperationsMax { get; init; } = int.MaxValue;

    /// <summary>How long faults go on and clients work: the safety phase.</summary>
    [ShrinksToLeast(1)]
    public TimeSpan SafetyTime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a healed cluster may take to commit again, and then to converge.</summary>
    public TimeSpan LivenessLimit { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How long a graceful stop of a node may take, whatever its peers do.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The leader's sign of life.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Silence that makes a follower campaign.</summary>
    public TimeSpan ElectionTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Bytes of entries in one message to a follower; one entry always goes.</summary>
    public int AppendBytesMax { get; init; } = 512 * 1024;

    /// <summary>Entries between two flushes of the state.</summary>
    public int FlushEntries { get; init; } = 200;

    /// <summary>Longest pause of a client between two operations; zero for none.</summary>
    public TimeSpan ThinkTimeMax { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a client tries one operation before it gives up with an unknown outcome.</summary>
    public TimeSpan OperationLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client waits for an answer before it asks another node, in percent of the election time-out.</summary>
    public int RequestLimitPercent { get; init; } = 400;

    /// <summary>Share of reads among the operations, in percent.</summary>
    public int ReadPercent { get; init; } = 30;

    /// <summary>Clients that only read, once they have set up what is theirs: they have no reason to leave a leader that still answers them.</summary>
    public int Readers { get; init; }

    /// <summary>Shared counters that all clients increment, at least 1.</summary>
    [ShrinksToLeast(1)]
    public int Counters { get; init; } = 2;

    /// <summary>When the last node boots for the first time, with an empty disk; zero for with the others.</summary>
    public TimeSpan LateJoinAt { get; init; }

    /// <summary>Largest wall-clock offset of a machine, in either direction.</summary>
    public TimeSpan ClockOffsetMax { get; init; }

    /// <summary>Largest drift of a machine's clocks, in either direction, in parts per million.</summary>
    public int ClockDriftPartsPerMillionMax { get; init; }

    /// <summary>Whether chance points in the code fire.</summary>
    public bool ChancePoints { get; init; }

    /// <summary>The network and its chance faults.</summary>
    public NetworkOptions Network { get; init; } = new();

    /// <summary>The chance faults of every node's disk.</summary>
    public DiskFaultOptions Disk { get; init; } = DiskFaultOptions.None;

    /// <summary>Scripted faults, in order of time.</summary>
    public IReadOnlyList<PlannedFault> Faults { get; init; } = [];

    /// <summary>Scripts that follow the state of the logs, in order of time.</summary>
    public IReadOnlyList<PlannedManeuver> Maneuvers { get; init; } = [];

    /// <summary>What the operator does, in order of time.</summary>
    public IReadOnlyList<PlannedChange> Changes { get; init; } = [];
}
