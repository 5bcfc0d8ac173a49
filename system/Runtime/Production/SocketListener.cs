using System.Net;
using System.Net.Sockets;
using SimGraph.Runtime.Network;

namespace SimGraph.Runtime.Production;

/// <summary>A listening TCP socket. A cancelled accept leaves its connection in the queue for the next one; closing resets those still queued.</summary>
internal sealed class SocketListener : IListener
{
    private readonly Socket _socket;
    private int _disposed;

    public SocketListener(Socket socket, string host)
    {
        _socket = socket;
        LocalAddress = new NetworkAddress(host, ((IPEndPoint)socket.LocalEndPoint!).Port);
    }

    /// <inheritdoc/>
    public NetworkAddress LocalAddress { get; }

    /// <inheritdoc/>
    public async ValueTask<IConnection> AcceptAsync(CancellationToken cancellationToken)
    {
        Socket? accepted = null;
        try
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
            accepted = await _socket.AcceptAsync(cancellationToken);
            var connection = new SocketConnection(accepted, remote: null);
            accepted = null;
            return connection;
        }
        catch (SocketException failure)
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
            cancellationToken.ThrowIfCancellationRequested();
            throw SocketErrors.OfAccept(LocalAddress, failure);
        }
        finally
        {
            accepted?.Dispose();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _socket.Dispose();
        }

        return ValueTask.CompletedTask;
    }
}
