namespace SimGraph.Replication.Wire;

/// <summary>What the accepting side makes of a handshake. The values are on the wire.</summary>
internal enum HandshakeVerdict : byte
{
    /// <summary>Never: what the request says is wrong here.</summary>
    Refused = 0,

    /// <summary>The connection is of use.</summary>
    Accepted = 1,

    /// <summary>Not now: there is no room. The same request may be accepted later.</summary>
    Busy = 2,
}
