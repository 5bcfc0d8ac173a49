using SimGraph.Cluster.Consensus;
using SimGraph.Cluster.Discovery;
using SimGraph.Runtime.Network;

namespace SimGraph.Tests.Cluster.Discovery;

/// <summary>Records and moments of tests.</summary>
internal static class MemberSamples
{
    public static MemberRecord Record(int node, ulong epoch = 1, int place = 1, ulong revision = 0) => new()
    {
        Node = new NodeId(node),
        Address = new NetworkAddress($"n{node}", 7000 + place),
        DiscoveryAddress = new NetworkAddress($"n{node}", 9000 + place),
        Epoch = epoch,
        Revision = revision,
        Term = revision,
    };

    public static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    public static MemberTable Table(MemberTableOptions? options = null) => new(options ?? new MemberTableOptions(), Record(1), TimeSpan.Zero);
}
