using System.Collections.Immutable;
using System.Text;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.StateMachine;
using SimGraph.Replication.Wire;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Backup;

/// <summary>What a restore makes. <see cref="Validate"/> says what is wrong with it.</summary>
public sealed record RestoreOptions
{
    /// <summary>Name of the new cluster; not that of the one which the backup is from.</summary>
    public required string ClusterId { get; init; }

    /// <summary>The voters of the new cluster, each with its address.</summary>
    public required ImmutableSortedDictionary<NodeId, NetworkAddress> Members { get; init; }

    /// <summary>Priorities of <see cref="Members"/>; 0 for those that are not named.</summary>
    public ImmutableSortedDictionary<NodeId, byte> Priorities { get; init; } = ImmutableSortedDictionary<NodeId, byte>.Empty;

    /// <summary>The last entry that counts; null for the backup's last.</summary>
    public ulong? Index { get; init; }

    /// <summary>Folder below which each node gets its own, <c>node-ID</c>; empty for the disk's root.</summary>
    public string Folder { get; init; } = string.Empty;

    /// <summary>Name of the log's folder in a node's folder, as in its options.</summary>
    public string LogDirectory { get; init; } = "log";

    /// <summary>The state machine, as in the nodes' options; the folder of its tree is that in a node's folder. How many sessions it remembers must be what it was in the old cluster.</summary>
    public StateMachineOptions State { get; init; } = new();

    /// <summary>The folder of one node.</summary>
    public string FolderOf(NodeId node) => DiskPath.Join(Folder, $"node-{node.Value}");

    /// <summary>Throws if the options make no sense.</summary>
    /// <exception cref="ArgumentException">What is wrong, and with which option.</exception>
    public void Validate()
    {
        Require(!string.IsNullOrEmpty(ClusterId), "ClusterId is empty");
        Require(
            Encoding.UTF8.GetByteCount(ClusterId) <= HandshakeRequest.ClusterIdBytesMax,
            $"ClusterId is longer than {HandshakeRequest.ClusterIdBytesMax} bytes");
        Require(Members.Count is >= 1 and <= Membership.VotersMax, $"Members names {Members.Count} voters; 1 to {Membership.VotersMax} are allowed");
        foreach ((NodeId node, NetworkAddress address) in Members)
        {
            Require(node.Value >= 1, $"member {node.Value}: nodes are numbered from 1");
            Require(!string.IsNullOrEmpty(address.Host), $"member {node.Value} has no host");
            Require(
                Encoding.UTF8.GetByteCount(address.ToString()) <= Membership.AddressBytesMax,
                $"the address of member {node.Value} is longer than {Membership.AddressBytesMax} bytes");
        }

        DiskPath.Check(Folder, allowRoot: true);
        DiskPath.Check(LogDirectory);
        State.Validate();
    }

    internal Membership NewMembership =>
        new(Members.Select(member => new Member(member.Key, member.Value.ToString(), Priorities.GetValueOrDefault(member.Key))), []);

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException($"restore options: {message}");
        }
    }
}
