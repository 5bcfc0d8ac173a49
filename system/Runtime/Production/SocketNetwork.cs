// The real side of the network seam: TCP sockets. Faults are the kernel's; every one of them becomes a NetworkException, a cancellation an
// OperationCanceledException, and neither leaves a socket behind. Sockets are dual-stack, so that a name may resolve to either family.
// Address reuse: the runtime sets SO_REUSEADDR on Unix, which lets a restarted server bind while old connections linger in TIME_WAIT and still
// refuses a second listener; Windows would let a second listener in, so exclusive use is asked for there.

using System.Net;
using System.Net.Sockets;
using SimGraph.Runtime.Network;

namespace SimGraph.Runtime.Production;

/// <summary>Byte-stream connections over TCP.</summary>
public sealed class SocketNetwork : INetwork
{
    private readonly int _backlog;

    /// <param name="backlog">Connections a listener holds before they are accepted; the kernel may lower it. Further connects wait.</param>
    public SocketNetwork(int backlog = 512)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(backlog, 1);
        _backlog = backlog;
    }

    /// <summary>
    /// Listens. The host is <c>*</c> for every address of this machine in both families, or an IP address, or a name that resolves to one of this
    /// machine's addresses (the first one counts).
    /// </summary>
    /// <inheritdoc cref="INetwork.ListenAsync"/>
    public async ValueTask<IListener> ListenAsync(NetworkAddress address, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Socket? socket = null;
        try
        {
            IPAddress local = await ResolveAsync(address.Host, cancellationToken);
            socket = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (local.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = local.Equals(IPAddress.IPv6Any);
            }

            if (OperatingSystem.IsWindows())
            {
                socket.ExclusiveAddressUse = true;
            }

            socket.Bind(new IPEndPoint(local, address.Port));
            socket.Listen(_backlog);
            var listener = new SocketListener(socket, address.Host);
            socket = null;
            return listener;
        }
        catch (SocketException failure)
        {
            throw SocketErrors.OfListen(address, failure);
        }
        finally
        {
            socket?.Dispose();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IConnection> ConnectAsync(NetworkAddress address, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Socket? socket = null;
        try
        {
            socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
            if (Equals(socket.LocalEndPoint, socket.RemoteEndPoint))
            {
                // TCP connects a socket to itself when the kernel happens to give it the very port, on loopback, that nobody listens on.
                throw new SocketException((int)SocketError.ConnectionRefused);
            }

            var connection = new SocketConnection(socket, address);
            socket = null;
            return connection;
        }
        catch (SocketException failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw SocketErrors.OfConnect(address, failure);
        }
        finally
        {
            socket?.Dispose();
        }
    }

    private static async Task<IPAddress> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (host == "*")
        {
            return Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        }

        if (IPAddress.TryParse(host, out IPAddress? parsed))
        {
            return parsed;
        }

        IPAddress[] resolved = await Dns.GetHostAddressesAsync(host, cancellationToken);
        return resolved.Length > 0 ? resolved[0] : throw new SocketException((int)SocketError.HostNotFound);
    }
}
