namespace SimGraph.Simulation.Network;

/// <summary>What travels on a connection.</summary>
internal enum FlightKind
{
    /// <summary>The last step of the handshake: the accepting end may be handed out.</summary>
    Established,

    /// <summary>Bytes.</summary>
    Data,

    /// <summary>The sender completed its writes.</summary>
    End,

    /// <summary>The connection is reset.</summary>
    Reset,
}
