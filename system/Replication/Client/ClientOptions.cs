using System.Collections.Immutable;
using System.Text;
using SimGraph.Cluster.Discovery;
using SimGraph.Replication.Wire;
using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Client;

/// <summary>How a client reaches a cluster. <see cref="Validate"/> says what is wrong with it.</summary>
public sealed record ClientOptions
{
    /// <summary>Members to ask; one that lives is enough to find the leader. May be empty if there are <see cref="Seeds"/>.</summary>
    public required ImmutableArray<NetworkAddress> Addresses { get; init; }

    /// <summary>Where discovery of the cluster's nodes is asked for the members, at first if there are no <see cref="Addresses"/>, and again when none that is known serves. Null: never.</summary>
    public ISeedSource? Seeds { get; init; }

    /// <summary>Name of the cluster; nodes of another one refuse.</summary>
    public string ClusterId { get; init; } = "simgraph";

    /// <summary>How long a connection may take. 2 s.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a handshake may take. 2 s.</summary>
    public TimeSpan HandshakeLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one node may take to answer before another is asked. 5 s.</summary>
    public TimeSpan RequestLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an operation may take in all, the wait for its turn included. 60 s.</summary>
    public TimeSpan OperationLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A connection is replaced before it is older than this: each at an age of its own, of three quarters of it at least. Shorter than what the nodes allow, so that no request meets a connection that
    /// they just end. 30 min.
    /// </summary>
    public TimeSpan ConnectionAgeLimit { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>A connection that was not used for so long is replaced. Shorter than what the nodes allow. 2 min.</summary>
    public TimeSpan ConnectionIdleLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>First pause after a failed attempt; doubles up to <see cref="RetryDelayMax"/>, with jitter. 20 ms.</summary>
    public TimeSpan RetryDelayMin { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Longest pause between two attempts. 1 s.</summary>
    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Operations of one client at a time, of which one is under way and the others wait; more are refused. 1,024.</summary>
    public int OperationsMax { get; init; } = 1024;

    /// <summary>Largest answer accepted. 4 MiB.</summary>
    public int FramePayloadMax { get; init; } = FrameFormat.DefaultPayloadMax;

    /// <summary>Throws if the options make no sense.</summary>
    /// <exception cref="ArgumentException">What is wrong, and with which option.</exception>
    public void Validate()
    {
        Require(!Addresses.IsDefault, "Addresses is no list");
        Require(!Addresses.IsEmpty || Seeds is not null, "Addresses is empty and there are no Seeds: name at least one member");
        Require(!string.IsNullOrEmpty(ClusterId), "ClusterId is empty");
        Require(
            Encoding.UTF8.GetByteCount(ClusterId) <= HandshakeRequest.ClusterIdBytesMax,
            $"ClusterId is longer than {HandshakeRequest.ClusterIdBytesMax} bytes");
        Require(ConnectLimit > TimeSpan.Zero, "ConnectLimit is not positive");
        Require(HandshakeLimit > TimeSpan.Zero, "HandshakeLimit is not positive");
        Require(RequestLimit > TimeSpan.Zero, "RequestLimit is not positive");
        Require(OperationLimit > TimeSpan.Zero, "OperationLimit is not positive");
        Require(ConnectionAgeLimit > TimeSpan.Zero, "ConnectionAgeLimit is not positive");
        Require(ConnectionIdleLimit > TimeSpan.Zero, "ConnectionIdleLimit is not positive");
        Require(RetryDelayMin > TimeSpan.Zero, "RetryDelayMin is not positive");
        Require(RetryDelayMax >= RetryDelayMin, "RetryDelayMax is below RetryDelayMin");
        Require(OperationsMax >= 1, "OperationsMax is below 1");
        Require(FramePayloadMax >= 1024, "FramePayloadMax is below 1 KiB");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException($"client options: {message}");
        }
    }
}
