using System.Text;
using SimGraph.Cluster.Consensus;
using SimGraph.Cluster.Discovery;
using SimGraph.Replication.Wire;
using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Discovery;

/// <summary>How a node makes itself known and finds others.</summary>
public sealed record DiscoveryOptions
{
    /// <summary>This node.</summary>
    public required NodeId Self { get; init; }

    /// <summary>Nodes of other clusters are refused.</summary>
    public required string ClusterId { get; init; }

    /// <summary>Where peers and clients reach this node: what is announced.</summary>
    public required NetworkAddress Address { get; init; }

    /// <summary>Where discovery listens, a port of its own; port 0 takes any.</summary>
    public required NetworkAddress ListenAddress { get; init; }

    /// <summary>Host under which others reach the listener; that of <see cref="ListenAddress"/> when null.</summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>Folder of the boot counter.</summary>
    public string Folder { get; init; } = "discovery";

    /// <summary>Failure detection.</summary>
    public MemberTableOptions Table { get; init; } = new();

    /// <summary>Pause between two announcements to the seeds. Default 30 s.</summary>
    public TimeSpan AnnounceInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The same as long as no other member is alive. Default 2 s.</summary>
    public TimeSpan LonelyAnnounceInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a connection may take. Default 3 s.</summary>
    public TimeSpan DialLimit { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a question to a seed, or sending an answer, may take. Default 5 s.</summary>
    public TimeSpan ExchangeLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Silence after which an accepted connection is closed. Default 15 s.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Most accepted connections. Default 128.</summary>
    public int ConnectionsMax { get; init; } = 128;

    /// <summary>Most events that wait for the observer. Default 1,024.</summary>
    public int EventsMax { get; init; } = 1024;

    /// <summary>How long a stop waits for a start or another stop, and then for the tasks. Default 10 s.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a heartbeat may be on its way before it is given up and its connection made anew.</summary>
    internal TimeSpan ProbeLimit => Min(Table.HeartbeatInterval * 2, ExchangeLimit);

    /// <summary>Throws if the options make no sense.</summary>
    /// <exception cref="ArgumentException">What is wrong, and with which option.</exception>
    public void Validate()
    {
        Require(Self.Value >= 1, "Self: nodes are numbered from 1");
        Require(!string.IsNullOrEmpty(ClusterId), "ClusterId is empty");
        Require(Encoding.UTF8.GetByteCount(ClusterId) <= HandshakeRequest.ClusterIdBytesMax, $"ClusterId is longer than {HandshakeRequest.ClusterIdBytesMax} bytes");
        Require(IsHost(Address.Host) && Address.Port is >= 1 and <= 65535, "Address has no host or no port, or its host name is too long");
        Require(IsHost(AdvertisedHost ?? ListenAddress.Host), "ListenAddress has no host, or its name is too long");
        Require(AdvertisedHost is not null || ListenAddress.Host != "*", "AdvertisedHost is missing: nobody can dial '*'");
        Require(ListenAddress.Port is >= 0 and <= 65535, "ListenAddress has no valid port");
        Require(!string.IsNullOrEmpty(Folder), "Folder is empty");
        Require(AnnounceInterval > TimeSpan.Zero, "AnnounceInterval is not positive");
        Require(LonelyAnnounceInterval > TimeSpan.Zero, "LonelyAnnounceInterval is not positive");
        Require(DialLimit > TimeSpan.Zero, "DialLimit is not positive");
        Require(ExchangeLimit > TimeSpan.Zero, "ExchangeLimit is not positive");
        Require(IdleLimit > Table.HeartbeatInterval, "IdleLimit is not above the heartbeat interval: every connection would be closed between two heartbeats");
        Require(ConnectionsMax >= 1, "ConnectionsMax is below 1");
        Require(EventsMax >= 1, "EventsMax is below 1");
        Require(StopLimit > TimeSpan.Zero, "StopLimit is not positive");
        Table.Validate();
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private static bool IsHost(string? host) => !string.IsNullOrEmpty(host) && Encoding.UTF8.GetByteCount(host) <= MemberRecord.HostBytesMax;

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException($"discovery options: {message}");
        }
    }
}
