namespace SimGraph.Runtime.Network;

/// <summary>Why a network call failed.</summary>
public enum NetworkError
{
    /// <summary>Nobody listens at the address.</summary>
    Refused,

    /// <summary>No way to the host, or its name does not resolve.</summary>
    Unreachable,

    /// <summary>The address is in use or cannot be bound.</summary>
    AddressInUse,

    /// <summary>The peer, or something between, reset the connection.</summary>
    Reset,

    /// <summary>This end aborted or disposed the connection, or completed its writes.</summary>
    Aborted,

    /// <summary>The ends do not trust each other: a certificate was refused, or one of them does not speak TLS.</summary>
    Untrusted,
}
