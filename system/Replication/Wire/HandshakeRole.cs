namespace SimGraph.Replication.Wire;

/// <summary>Who dials. Values are part of the wire format.</summary>
internal enum HandshakeRole : byte
{
    /// <summary>A member that will send consensus messages.</summary>
    Peer = 1,

    /// <summary>A client that will send requests.</summary>
    Client = 2,
}
