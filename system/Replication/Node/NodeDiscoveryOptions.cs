using System.Collections.Immutable;
using SimGraph.Cluster.Discovery;
using SimGraph.Replication.Discovery;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Node;

/// <summary>
/// How a node makes itself known, and finds members that are not at the address that the membership says: one that came back elsewhere, or a voter that was named without an address. Who
/// belongs to the cluster, and who votes, is never a matter of discovery.
/// </summary>
public sealed record NodeDiscoveryOptions
{
    /// <summary>Where discovery listens, a port of its own; port 0 takes any, which a node that is nobody's seed may do.</summary>
    public required NetworkAddress ListenAddress { get; init; }

    /// <summary>Host under which others reach the listener; that of <see cref="ListenAddress"/> when null.</summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>Where discovery of other nodes listens. This node may be among them; the first node of all may have none.</summary>
    public ImmutableArray<NetworkAddress> Seeds { get; init; } = [];

    /// <summary>Names, each with the port at which discovery listens on every host behind it.</summary>
    public ImmutableArray<NetworkAddress> SeedNames { get; init; } = [];

    /// <summary>Folder of the boot counter on the platform's disk. Its loss is the loss of the node's identity.</summary>
    public string Folder { get; init; } = "discovery";

    /// <summary>Failure detection, and how many may be known.</summary>
    public MemberTableOptions Table { get; init; } = new();

    /// <summary>Pause between two announcements to the seeds. 30 s.</summary>
    public TimeSpan AnnounceInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The same as long as no other member is alive. 2 s.</summary>
    public TimeSpan LonelyAnnounceInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Most accepted connections. 128.</summary>
    public int ConnectionsMax { get; init; } = 128;

    internal DiscoveryOptions Of(ReplicaOptions node) => new()
    {
        Self = node.Self,
        ClusterId = node.ClusterId,
        Address = node.Address,
        ListenAddress = ListenAddress,
        AdvertisedHost = AdvertisedHost,
        Folder = Folder,
        Table = Table,
        AnnounceInterval = AnnounceInterval,
        LonelyAnnounceInterval = LonelyAnnounceInterval,
        ConnectionsMax = ConnectionsMax,
        StopLimit = node.StopLimit,
    };

    internal ISeedSource Sources(IPlatform platform)
    {
        var seeds = new StaticSeedSource(Seeds);
        return SeedNames.IsEmpty ? seeds : new CombinedSeedSource(seeds, new DnsSeedSource(platform, SeedNames));
    }

    internal void Validate(ReplicaOptions node)
    {
        if (Seeds.IsDefault || SeedNames.IsDefault)
        {
            throw new ArgumentException("discovery options: Seeds or SeedNames is no list");
        }

        Of(node).Validate();
        _ = new StaticSeedSource(Seeds);
        _ = new StaticSeedSource(SeedNames);
    }
}
