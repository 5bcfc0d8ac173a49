using SimGraph.Cluster.Consensus;
using SimGraph.Runtime.Network;

namespace SimGraph.Cluster.Discovery;

/// <summary>All members that an observer knows at one moment, the observer included. Immutable.</summary>
public sealed class MemberSnapshot
{
    private readonly ObservedMember[] _members;

    internal MemberSnapshot(NodeId self, TimeSpan at, ObservedMember[] members)
    {
        Self = self;
        At = at;
        _members = members;
    }

    /// <summary>The observer.</summary>
    public NodeId Self { get; }

    /// <summary>The moment, on the observer's monotonic clock.</summary>
    public TimeSpan At { get; }

    /// <summary>Everybody, in order of their ids.</summary>
    public IReadOnlyList<ObservedMember> All => _members;

    /// <summary>The healthy, in order of their ids.</summary>
    public IReadOnlyList<ObservedMember> Healthy => [.. _members.Where(static member => member.IsHealthy)];

    /// <summary>The healthy member that says it leads, in the newest term; null if none does.</summary>
    public ObservedMember? Primary
    {
        get
        {
            ObservedMember? primary = null;
            foreach (ObservedMember member in _members)
            {
                if (member.IsHealthy && member.Record.Role == MemberRole.Primary && (primary is null || member.Record.Term > primary.Record.Term))
                {
                    primary = member;
                }
            }

            return primary;
        }
    }

    /// <summary>Where peers and clients reach the healthy members, the primary first, then in order of their ids.</summary>
    public IReadOnlyList<NetworkAddress> Addresses
    {
        get
        {
            ObservedMember? primary = Primary;
            return [.. _members.Where(static member => member.IsHealthy)
                .OrderBy(member => member == primary ? 0 : 1)
                .ThenBy(static member => member.Node)
                .Select(static member => member.Record.Address)];
        }
    }

    /// <summary>True if more than half of all known members are healthy.</summary>
    public bool HasQuorum => Healthy.Count >= Quorum.Size(_members.Length);

    /// <summary>A member; null if it is not known.</summary>
    public ObservedMember? Find(NodeId node) => Array.Find(_members, member => member.Node == node);

    /// <summary>The members of a role, healthy or not, in order of their ids.</summary>
    public IReadOnlyList<ObservedMember> ByRole(MemberRole role) => [.. _members.Where(member => member.Record.Role == role)];

    /// <summary>Those heard within a time before this moment, in order of their ids.</summary>
    public IReadOnlyList<ObservedMember> HeardWithin(TimeSpan limit) => [.. _members.Where(member => member.LastHeard is { } heard && At - heard <= limit)];

    /// <summary>How many members are in a state.</summary>
    public int Count(MemberState state) => _members.Count(member => member.State == state);

    /// <summary>True if a quorum of the given voters is healthy. A voter that nobody has heard of counts as missing.</summary>
    public bool HasQuorumOf(IReadOnlyCollection<NodeId> voters)
    {
        ArgumentNullException.ThrowIfNull(voters);
        return _members.Count(member => member.IsHealthy && voters.Contains(member.Node)) >= Quorum.Size(voters.Count);
    }
}
