using SimGraph.Runtime.Messaging;
using SimGraph.ZeroMq;

namespace SimGraph.Server;

/// <summary>The message sockets of this process. Only who makes one loads NetMQ: no other type of the server names one of its types.</summary>
internal sealed class ZeroMqSockets : IAsyncDisposable
{
    private readonly NetMqSockets _sockets = new();

    /// <summary>For the platform.</summary>
    public IMessageSockets Sockets => _sockets;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _sockets.DisposeAsync();
}
