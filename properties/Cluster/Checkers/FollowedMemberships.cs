using SimGraph.Cluster.Consensus;

namespace SimGraph.Properties.Cluster.Checkers;

/// <summary>The membership that each node follows, committed or not; of a node that does not run, the one it followed last.</summary>
internal sealed class FollowedMemberships
{
    private readonly SortedDictionary<NodeId, Followed> _followed = [];

    /// <summary>All of them, in the order of the nodes.</summary>
    public IEnumerable<Followed> All => _followed.Values;

    /// <summary>A node follows another one.</summary>
    public void Follow(NodeId node, Membership membership, ulong index) => _followed[node] = new Followed(membership, index);

    /// <summary>What a node follows; null if it never said so.</summary>
    public Followed? Of(NodeId node) => _followed.GetValueOrDefault(node);

    /// <param name="Membership">Its members.</param>
    /// <param name="Index">Of the entry that holds it; 0 for the one that the cluster began with.</param>
    internal sealed record Followed(Membership Membership, ulong Index);
}
