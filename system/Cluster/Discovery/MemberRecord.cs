using System.Text;
using SimGraph.Cluster.Consensus;
using SimGraph.Runtime.Network;

namespace SimGraph.Cluster.Discovery;

/// <summary>What a node says of itself. Only the node makes one; everybody else passes it on unchanged.</summary>
public sealed record MemberRecord
{
    /// <summary>Longest host name in UTF-8 bytes.</summary>
    public const int HostBytesMax = 255;

    /// <summary>Who.</summary>
    public required NodeId Node { get; init; }

    /// <summary>Where peers and clients reach it.</summary>
    public required NetworkAddress Address { get; init; }

    /// <summary>Where its discovery answers.</summary>
    public required NetworkAddress DiscoveryAddress { get; init; }

    /// <summary>Which boot of the node this is: 1 for the first, from a counter on its disk. Fixed, with the addresses, for the life of the process.</summary>
    public required ulong Epoch { get; init; }

    /// <summary>Counts the changes of role, term and priority within the epoch: of two records of an epoch, the higher one is newer.</summary>
    public ulong Revision { get; init; }

    /// <summary>What it does.</summary>
    public MemberRole Role { get; init; } = MemberRole.Replica;

    /// <summary>The newest term it knows.</summary>
    public ulong Term { get; init; }

    /// <summary>Its priority as a leader.</summary>
    public int Priority { get; init; } = 1;

    /// <summary>True if both are of one boot at one place.</summary>
    public bool IsSameProcess(MemberRecord other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Node == other.Node && Epoch == other.Epoch && Address == other.Address && DiscoveryAddress == other.DiscoveryAddress;
    }

    /// <summary>Throws if the record makes no sense.</summary>
    /// <exception cref="ArgumentException">What is wrong.</exception>
    public void Validate()
    {
        Require(Node.Value >= 1, "nodes are numbered from 1");
        Require(Epoch >= 1, "epochs are numbered from 1");
        Require(Role is MemberRole.Replica or MemberRole.Candidate or MemberRole.Primary, "unknown role");
        Require(IsReachable(Address), "the address has no host, a host name that is too long, or no port");
        Require(IsReachable(DiscoveryAddress), "the discovery address has no host, a host name that is too long, or no port");
    }

    private static bool IsReachable(NetworkAddress address) =>
        !string.IsNullOrEmpty(address.Host) && Encoding.UTF8.GetByteCount(address.Host) <= HostBytesMax && address.Port is >= 1 and <= 65535;

    private void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException($"record of node {Node.Value}: {message}");
        }
    }
}
