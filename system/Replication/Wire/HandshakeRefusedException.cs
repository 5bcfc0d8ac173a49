using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Wire;

/// <summary>The other side understood the handshake and said no. Trying again soon is pointless.</summary>
internal sealed class HandshakeRefusedException(NetworkAddress address, string reason)
    : Exception($"{address} refused the handshake: {reason}");
