using System.Net.Sockets;
using SimGraph.Runtime.Network;

namespace SimGraph.Runtime.Production;

/// <summary>Translates socket errors to those of the network seam.</summary>
internal static class SocketErrors
{
    /// <summary>A failed connect.</summary>
    public static NetworkException OfConnect(NetworkAddress address, SocketException cause) =>
        cause.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset
            ? new NetworkException(NetworkError.Refused, $"connect to {address}: nobody listens there", cause)
            : new NetworkException(NetworkError.Unreachable, $"connect to {address}: {cause.Message} ({cause.SocketErrorCode})", cause);

    /// <summary>A failed bind or listen.</summary>
    public static NetworkException OfListen(NetworkAddress address, SocketException cause) =>
        cause.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery
            ? new NetworkException(NetworkError.Unreachable, $"listen on {address}: the name does not resolve", cause)
            : new NetworkException(NetworkError.AddressInUse, $"listen on {address}: {cause.Message} ({cause.SocketErrorCode})", cause);

    /// <summary>A failed accept on an open listener.</summary>
    public static NetworkException OfAccept(NetworkAddress address, SocketException cause) =>
        cause.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted
            ? new NetworkException(NetworkError.Reset, $"accept on {address}: the peer was gone before it was accepted", cause)
            : new NetworkException(NetworkError.Unreachable, $"accept on {address}: {cause.Message} ({cause.SocketErrorCode})", cause);
}
