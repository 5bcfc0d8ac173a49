using SimGraph.Cluster.Discovery;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Discovery;

/// <summary>One boot of a node, as the scenario knows it: the truth that observers are held to.</summary>
internal sealed class DiscoveryProcess(Machine machine, MemberRecord record)
{
    public Machine Machine => machine;

    public MemberRecord Record => record;

    /// <summary>What the clock of each machine showed when this process ended, by the machine's index; null while it runs.</summary>
    public long[]? EndedAt { get; set; }
}
