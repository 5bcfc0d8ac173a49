namespace SimGraph.Runtime.Network;

/// <summary>
/// Byte-stream connections, with the semantics of TCP. A byte stream, and not a message bus, because leaks and torn frames live in connections,
/// handshakes and half-read frames; framing is shared code above. Thread-safe.
/// </summary>
public interface INetwork
{
    /// <summary>Begins to accept connections at the address.</summary>
    /// <exception cref="NetworkException">The address is in use or not of this machine.</exception>
    ValueTask<IListener> ListenAsync(NetworkAddress address, CancellationToken cancellationToken);

    /// <summary>Connects. A silent peer makes this wait for as long as the token allows: pass one with a limit.</summary>
    /// <exception cref="NetworkException">Refused, unreachable, or the name does not resolve.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing is left open.</exception>
    ValueTask<IConnection> ConnectAsync(NetworkAddress address, CancellationToken cancellationToken);
}
