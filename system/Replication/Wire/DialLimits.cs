namespace SimGraph.Replication.Wire;

/// <summary>Limits of one attempt to connect.</summary>
/// <param name="Connect">How long the connection may take.</param>
/// <param name="Handshake">How long the handshake may take after that.</param>
/// <param name="PayloadMax">Largest payload to accept once the handshake is done.</param>
internal readonly record struct DialLimits(TimeSpan Connect, TimeSpan Handshake, int PayloadMax);
