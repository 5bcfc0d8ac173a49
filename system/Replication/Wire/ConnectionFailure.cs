using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Wire;

/// <summary>Tells the ways in which a connection ends in ordinary operation from bugs.</summary>
internal static class ConnectionFailure
{
    /// <summary>True for an exception that costs the connection and nothing else.</summary>
    public static bool IsExpected(Exception exception) =>
        exception is NetworkException or FormatException or TimeoutException or ObjectDisposedException or HandshakeRefusedException;
}
