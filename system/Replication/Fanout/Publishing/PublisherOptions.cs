using System.Collections.Immutable;
using System.Text;
using SimGraph.Replication.Client;
using SimGraph.Replication.Fanout.Health;
using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Fanout.Publishing;

/// <summary>How a member publishes to read replicas. <see cref="Validate"/> says what is wrong with it.</summary>
public sealed record PublisherOptions
{
    /// <summary>Where subscribers connect (PUB). Port 9090 by custom.</summary>
    public required NetworkAddress PublishAddress { get; init; }

    /// <summary>Where replicas report and ask (ROUTER). Port 9091 by custom.</summary>
    public required NetworkAddress ControlAddress { get; init; }

    /// <summary>Where commands are forwarded to (PULL). Port 9092 by custom.</summary>
    public required NetworkAddress ForwardAddress { get; init; }

    /// <summary>How forwarded commands reach the leader: the members' addresses, the cluster's name and the limits.</summary>
    public required ClientOptions Cluster { get; init; }

    /// <summary>Subscribers in further data centres, to which this member connects out: each gets a PUB of its own.</summary>
    public ImmutableArray<NetworkAddress> DataCentres { get; init; } = [];

    /// <summary>How often subscribers hear how far this member is, and replicas are judged. 1 s.</summary>
    public TimeSpan BeatInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>When a replica counts as degraded or unhealthy.</summary>
    public HealthOptions Health { get; init; } = new();

    /// <summary>High-water mark of each socket, for each peer. 1,000.</summary>
    public int HighWaterMark { get; init; } = 1000;

    /// <summary>Applied entries that wait to be published before further ones are left to the catch-up. 1,000.</summary>
    public int QueueMax { get; init; } = 1000;

    /// <summary>Bytes of entries in one answer to a catch-up; one entry always fits. 512 KiB.</summary>
    public int CatchUpBytes { get; init; } = 512 * 1024;

    /// <summary>Bytes of a state in one chunk. 256 KiB.</summary>
    public int ChunkBytes { get; init; } = 256 * 1024;

    /// <summary>Whole states that are sent at a time. 2.</summary>
    public int TransfersMax { get; init; } = 2;

    /// <summary>A state whose next chunk is not asked for within this time is given up. 10 s.</summary>
    public TimeSpan TransferIdleLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests of replicas that wait before further ones are refused. 64.</summary>
    public int RequestsMax { get; init; } = 64;

    /// <summary>Forwarded commands under way to the leader at a time. 4.</summary>
    public int ForwardersMax { get; init; } = 4;

    /// <summary>Forwarded commands that wait for one of those, before no more are taken from the socket. 256.</summary>
    public int ForwardsMax { get; init; } = 256;

    /// <summary>How long a stop waits for each of its parts. 5 s.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(5);

    internal byte[] Topic => FanoutTopic.Of(Cluster.ClusterId);

    /// <summary>Throws if the options make no sense.</summary>
    /// <exception cref="ArgumentException">What is wrong, and with which option.</exception>
    public void Validate()
    {
        Require(Cluster is not null, "Cluster is missing");
        Cluster!.Validate();
        Health.Validate();
        Require(!DataCentres.IsDefault && DataCentres.Length <= 64, "DataCentres holds more than 64 addresses, or is no list");
        Require(BeatInterval >= TimeSpan.FromMilliseconds(10), "BeatInterval is below 10 ms");
        Require(HighWaterMark >= 1, "HighWaterMark is below 1");
        Require(QueueMax >= 1, "QueueMax is below 1");
        Require(CatchUpBytes >= 1, "CatchUpBytes is below 1");
        Require(ChunkBytes is >= 1 and <= 4 * 1024 * 1024, "ChunkBytes is not between 1 and 4 MiB");
        Require(TransfersMax >= 1, "TransfersMax is below 1");
        Require(TransferIdleLimit > TimeSpan.Zero, "TransferIdleLimit is not positive");
        Require(RequestsMax >= 1, "RequestsMax is below 1");
        Require(ForwardersMax >= 1, "ForwardersMax is below 1");
        Require(ForwardsMax >= 1, "ForwardsMax is below 1");
        Require(StopLimit > TimeSpan.Zero, "StopLimit is not positive");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException($"publisher options: {message}");
        }
    }
}
