namespace SimGraph.Replication.Wire;

/// <summary>What a frame carries. Values are part of the wire format.</summary>
internal enum FrameKind : byte
{
    /// <summary>First frame of the side that dialled: <see cref="HandshakeRequest"/>.</summary>
    HandshakeRequest = 1,

    /// <summary>First frame of the side that accepted: <see cref="HandshakeReply"/>.</summary>
    HandshakeReply = 2,

    /// <summary>A message of the consensus core.</summary>
    Consensus = 3,

    /// <summary>The snapshot whose chunks follow: <see cref="SnapshotHeader"/>.</summary>
    SnapshotHeader = 4,

    /// <summary>The next bytes of the announced snapshot.</summary>
    SnapshotChunk = 5,

    /// <summary>A client's question or command.</summary>
    ClientRequest = 6,

    /// <summary>The answer to one <see cref="ClientRequest"/>.</summary>
    ClientResponse = 7,

    /// <summary>Asks the other end of a peer connection for a <see cref="Pong"/>.</summary>
    Ping = 8,

    /// <summary>Answers a <see cref="Ping"/>.</summary>
    Pong = 9,

    /// <summary>The announced snapshot is complete: <see cref="SnapshotEnd"/>.</summary>
    SnapshotEnd = 10,

    /// <summary>Answers a <see cref="SnapshotHeader"/>: <see cref="SnapshotResume"/>.</summary>
    SnapshotResume = 11,

    /// <summary>A question of discovery.</summary>
    DiscoveryRequest = 32,

    /// <summary>The answer to one <see cref="DiscoveryRequest"/>.</summary>
    DiscoveryAnswer = 33,
}
