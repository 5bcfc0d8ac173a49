namespace SimGraph.Runtime.Messaging;

/// <summary>
/// Sockets with the semantics of ZeroMQ, and no more than it promises: silent loss at the high-water mark, slow joiners, whole multipart messages,
/// reconnects. Thread-safe.
/// </summary>
public interface IMessageSockets
{
    /// <summary>Opens a socket. Dispose it.</summary>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    /// <exception cref="NotSupportedException">This process was built without message sockets.</exception>
    IMessageSocket Open(MessageSocketKind kind, MessageSocketOptions options);
}
