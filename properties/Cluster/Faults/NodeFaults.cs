using SimGraph.Runtime;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Cluster.Faults;

/// <summary>What can be done to nodes of a cluster.</summary>
internal sealed class NodeFaults(World world, IPlatform harness, IReadOnlyList<ClusterNode> nodes)
{
    /// <summary>Takes nodes down and boots them again after the duration.</summary>
    public async Task DownAsync(IReadOnlyList<ClusterNode> down, Action<Machine> takeDown, TimeSpan duration, CancellationToken cancellationToken)
    {
        foreach (ClusterNode node in down)
        {
            node.IsHeldDown = true;
            takeDown(node.Machine);
        }

        await UpAsync(down, duration, cancellationToken);
    }

    /// <summary>Stops a node gracefully and holds it down.</summary>
    public async Task StopAsync(ClusterNode node, TimeSpan limit)
    {
        // A paused process cannot stop: the limit counts from the resume, which this brings about.
        node.Machine.Resume();
        node.IsHeldDown = true;
        await node.StopAsync(limit);
    }

    /// <summary>Boots nodes that are held down after the duration.</summary>
    public async Task UpAsync(IReadOnlyList<ClusterNode> down, TimeSpan duration, CancellationToken cancellationToken)
    {
        await harness.Clock.DelayAsync(duration, cancellationToken);
        foreach (ClusterNode node in down)
        {
            node.IsHeldDown = node.IsGone;
            if (!node.Machine.IsOn)
            {
                node.Boot();
            }
        }
    }

    /// <summary>Cuts the links between a node and all others; clients still reach it.</summary>
    public void CutFromPeers(ClusterNode node) => Across([node], world.Network.Partition);

    /// <summary>Ends every cut between a node and the others.</summary>
    public void RejoinPeers(ClusterNode node) => Across([node], (inside, outside, _) => world.Network.Heal(inside, outside));

    /// <summary>Cuts the links between some nodes and all others for the duration; clients reach both sides.</summary>
    public async Task SplitAsync(IReadOnlyList<ClusterNode> group, TimeSpan duration, CancellationToken cancellationToken)
    {
        Across(group, world.Network.Partition);
        await harness.Clock.DelayAsync(duration, cancellationToken);
        Across(group, (inside, outside, _) => world.Network.Heal(inside, outside));
    }

    private void Across(IReadOnlyList<ClusterNode> group, Action<Machine, Machine, Simulation.Network.PartitionDirection> act)
    {
        foreach (ClusterNode inside in group)
        {
            foreach (ClusterNode outside in nodes)
            {
                if (!group.Contains(outside))
                {
                    act(inside.Machine, outside.Machine, Simulation.Network.PartitionDirection.Both);
                }
            }
        }
    }
}
