using System.Collections.Immutable;
using System.Text;
using SimGraph.Replication.Wire;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Backup;

/// <summary>How a backup is taken. <see cref="Validate"/> says what is wrong with it.</summary>
public sealed record BackupOptions
{
    /// <summary>Members to take it from, in this order: the first one that serves is enough.</summary>
    public required ImmutableArray<NetworkAddress> Addresses { get; init; }

    /// <summary>Name of the cluster; nodes of another one refuse.</summary>
    public string ClusterId { get; init; } = "simgraph";

    /// <summary>Folder of the backup on the platform's disk.</summary>
    public string Folder { get; init; } = "backup";

    /// <summary>How long a connection may take. 5 s.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a handshake may take. 5 s.</summary>
    public TimeSpan HandshakeLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one answer may take. 30 s.</summary>
    public TimeSpan RequestLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Attempts in a row that may fail before the backup does. 20.</summary>
    public int AttemptsMax { get; init; } = 20;

    /// <summary>First pause after a failed attempt; doubles up to <see cref="RetryDelayMax"/>, with jitter. 50 ms.</summary>
    public TimeSpan RetryDelayMin { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest pause between two attempts. 2 s.</summary>
    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>While a backup follows the cluster: how long it rests when there is nothing new, and how old its end gets at most. 1 s.</summary>
    public TimeSpan FollowInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A file of entries that has grown to this many bytes is ended, and the next begun. 64 MiB.</summary>
    public long FileBytesMax { get; init; } = 64L * 1024 * 1024;

    /// <summary>Largest answer accepted. 4 MiB.</summary>
    public int FramePayloadMax { get; init; } = FrameFormat.DefaultPayloadMax;

    /// <summary>Throws if the options make no sense.</summary>
    /// <exception cref="ArgumentException">What is wrong, and with which option.</exception>
    public void Validate()
    {
        Require(!Addresses.IsDefaultOrEmpty, "Addresses is empty: name at least one member");
        Require(!string.IsNullOrEmpty(ClusterId), "ClusterId is empty");
        Require(
            Encoding.UTF8.GetByteCount(ClusterId) <= HandshakeRequest.ClusterIdBytesMax,
            $"ClusterId is longer than {HandshakeRequest.ClusterIdBytesMax} bytes");
        DiskPath.Check(Folder, allowRoot: true);
        Require(ConnectLimit > TimeSpan.Zero, "ConnectLimit is not positive");
        Require(HandshakeLimit > TimeSpan.Zero, "HandshakeLimit is not positive");
        Require(RequestLimit > TimeSpan.Zero, "RequestLimit is not positive");
        Require(AttemptsMax >= 1, "AttemptsMax is below 1");
        Require(RetryDelayMin > TimeSpan.Zero, "RetryDelayMin is not positive");
        Require(RetryDelayMax >= RetryDelayMin, "RetryDelayMax is below RetryDelayMin");
        Require(FollowInterval > TimeSpan.Zero, "FollowInterval is not positive");
        Require(FileBytesMax >= 1, "FileBytesMax is below 1");
        Require(FramePayloadMax >= 1024, "FramePayloadMax is below 1 KiB");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException($"backup options: {message}");
        }
    }
}
