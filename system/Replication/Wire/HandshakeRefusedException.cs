using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Wire;

/// <summary>The other side understood the handshake and said no.</summary>
internal sealed class HandshakeRefusedException(NetworkAddress address, HandshakeVerdict verdict, string reason)
    : Exception($"{address} refused the handshake: {reason}")
{
    /// <summary>True if the same handshake will never be accepted there, as the node is now.</summary>
    public bool IsFinal => verdict == HandshakeVerdict.Refused;
}
