namespace SimGraph.Runtime.Messaging;

/// <summary>For processes that need no message sockets, and so no library for them.</summary>
public sealed class NoMessageSockets : IMessageSockets
{
    /// <inheritdoc/>
    public IMessageSocket Open(MessageSocketKind kind, MessageSocketOptions options) => throw new NotSupportedException(
        "this process has no message sockets: give its platform an implementation, such as NetMqSockets of SimGraph.ZeroMq");
}
