// One TCP connection. A cancelled receive consumes nothing: the runtime completes an operation and cancels it by the same atomic state change, so one
// that was cancelled never reached recv (NetworkConformance checks it). A cancelled send may have sent a prefix, so it aborts the connection.

using System.Net;
using System.Net.Sockets;
using SimGraph.Runtime.Network;

namespace SimGraph.Runtime.Production;

/// <summary>A connected TCP socket.</summary>
internal sealed class SocketConnection : IConnection
{
    private readonly Socket _socket;
    private int _closed;
    private int _writesCompleted;

    /// <param name="socket">Connected; owned from here on.</param>
    /// <param name="remote">What the connecting end asked for; null at the accepting end, which knows the peer by its IP address.</param>
    public SocketConnection(Socket socket, NetworkAddress? remote)
    {
        socket.NoDelay = true;
        _socket = socket;
        LocalAddress = AddressOf(socket.LocalEndPoint);
        RemoteAddress = remote ?? AddressOf(socket.RemoteEndPoint);
    }

    /// <inheritdoc/>
    public NetworkAddress LocalAddress { get; }

    /// <inheritdoc/>
    public NetworkAddress RemoteAddress { get; }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (buffer.IsEmpty)
        {
            throw new ArgumentException("a read of no bytes cannot tell data from the end of the stream", nameof(buffer));
        }

        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            throw Failed("read from", failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _writesCompleted) != 0)
        {
            throw new NetworkException(NetworkError.Aborted, $"write to {RemoteAddress}: the writes of this end are completed");
        }

        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (!buffer.IsEmpty)
            {
                int sent = await _socket.SendAsync(buffer, SocketFlags.None, cancellationToken);
                buffer = buffer[sent..];
            }
        }
        catch (OperationCanceledException)
        {
            Abort();
            throw;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            throw Failed("write to", failure);
        }
    }

    /// <inheritdoc/>
    public void CompleteWrites()
    {
        if (Interlocked.Exchange(ref _writesCompleted, 1) != 0)
        {
            return;
        }

        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // Reset or closed already: the next read says so.
        }
    }

    /// <inheritdoc/>
    public void Abort()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return;
        }

        try
        {
            _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (SocketException)
        {
            // The kernel has dropped the connection already.
        }

        _socket.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            _socket.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private static NetworkAddress AddressOf(EndPoint? endPoint)
    {
        var ip = (IPEndPoint)endPoint!;
        IPAddress address = ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4() : ip.Address;
        return new NetworkAddress(address.ToString(), ip.Port);
    }

    private NetworkException Failed(string action, Exception cause) => Volatile.Read(ref _closed) != 0
        ? new NetworkException(NetworkError.Aborted, $"{action} {RemoteAddress}: the connection was closed by this end", cause)
        : new NetworkException(NetworkError.Reset, $"{action} {RemoteAddress}: {cause.Message}", cause);
}
