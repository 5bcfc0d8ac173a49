using SimGraph.Simulation.Exploration.Shrinking;
using SimGraph.Simulation.Network;

namespace SimGraph.Properties.Discovery;

/// <summary>Everything that a run of the discovery scenario is made from.</summary>
public sealed record DiscoveryPlan
{
    /// <summary>Nodes, 3 to 7.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>For each node, the nodes that it is given as seeds; the first has none. A node that is a seed keeps its port.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Seeds { get; init; } = [[], [0], [0]];

    /// <summary>Whether the first node's address comes from a name instead of the list.</summary>
    public bool UsesNames { get; init; }

    /// <summary>How long faults go on.</summary>
    [ShrinksToLeast(1)]
    public TimeSpan SafetyTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long it may take after healing until all see all: two rounds of announcements, a stuck dial and exchange, and a retransmission.</summary>
    public TimeSpan LivenessLimit { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>When the silent are forgotten.</summary>
    public TimeSpan ExpireAfter { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>How long a graceful stop may take.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Largest wall-clock offset of a machine.</summary>
    public TimeSpan ClockOffsetMax { get; init; }

    /// <summary>Whether chance points in the code fire.</summary>
    public bool ChancePoints { get; init; }

    /// <summary>The network and its chance faults.</summary>
    public NetworkOptions Network { get; init; } = new();

    /// <summary>In order of time.</summary>
    public IReadOnlyList<DiscoveryFault> Faults { get; init; } = [];
}
