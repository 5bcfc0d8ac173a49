using SimGraph.Runtime.Network;

namespace SimGraph.Runtime.Messaging;

/// <summary>
/// One socket of a pattern, with any number of peers. One task receives at a time and one sends, which may be different tasks; disposal from any. Connections
/// are made, lost and made again in the background. Messages of one peer arrive in order, whole, none twice; those that were under way when a connection broke
/// are lost, and nobody is told. What waits to be sent outlives a lost connection on the side that connects, and not on the side that binds.
/// Disposal is idempotent and bounded, drops what is unsent, and ends pending calls with <see cref="ObjectDisposedException"/>.
/// </summary>
public interface IMessageSocket : IAsyncDisposable
{
    /// <summary>The pattern.</summary>
    MessageSocketKind Kind { get; }

    /// <summary>Accepts peers at an address; port 0 asks for any free one. May be called for several addresses.</summary>
    /// <returns>The address in use.</returns>
    /// <exception cref="NetworkException">The address is in use or not of this machine.</exception>
    ValueTask<NetworkAddress> BindAsync(NetworkAddress address, CancellationToken cancellationToken);

    /// <summary>Begins to connect to a peer, for as long as the socket lives. Nobody needs to be there yet. May be called for several addresses.</summary>
    ValueTask ConnectAsync(NetworkAddress address, CancellationToken cancellationToken);

    /// <summary>
    /// Sends a message. A dealer and a push wait for a peer with room. A publisher and a router never wait. A router sends to the identity in the first frame.
    /// </summary>
    /// <exception cref="InvalidOperationException">The pattern does not send.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the message was not taken.</exception>
    ValueTask<SendOutcome> SendAsync(Message message, CancellationToken cancellationToken);

    /// <summary>Sends a message if that is possible without waiting for room.</summary>
    /// <inheritdoc cref="SendAsync"/>
    ValueTask<SendOutcome> TrySendAsync(Message message, CancellationToken cancellationToken);

    /// <summary>Receives the next message, of the peers in turn. A router puts the sender's identity in front.</summary>
    /// <exception cref="InvalidOperationException">The pattern does not receive.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; no message is lost.</exception>
    ValueTask<Message> ReceiveAsync(CancellationToken cancellationToken);

    /// <summary>Asks every publisher, present and future, for messages whose first frame begins with the topic. An empty topic is all of them.</summary>
    /// <exception cref="InvalidOperationException">Not a subscriber.</exception>
    ValueTask SubscribeAsync(ReadOnlyMemory<byte> topic, CancellationToken cancellationToken);

    /// <summary>Takes one <see cref="SubscribeAsync"/> back. What is under way may still arrive.</summary>
    /// <exception cref="InvalidOperationException">Not a subscriber.</exception>
    ValueTask UnsubscribeAsync(ReadOnlyMemory<byte> topic, CancellationToken cancellationToken);
}
