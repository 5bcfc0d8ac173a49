// One connection through the proxy: two pumps, each of which holds one buffer and waits with it as long as its direction says. So the proxy's memory is bounded, and whoever
// writes faster than the link carries is slowed by TCP itself. An end that breaks is passed on through the same direction as its bytes: behind a cut nobody hears of it.

using System.Net.Sockets;

namespace SimGraph.RealCluster.Proxy;

/// <summary>A connection, from the accepted end to the dialled one.</summary>
internal sealed class ProxyConnection(Socket accepted, Socket dialled, Direction there, Direction back)
{
    private const int BufferBytes = 32 * 1024;

    /// <summary>Carries bytes both ways until both ends are done or one is broken.</summary>
    public async Task CarryAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(PumpAsync(accepted, dialled, there, cancellationToken), PumpAsync(dialled, accepted, back, cancellationToken));

    /// <summary>Resets a connection instead of closing it.</summary>
    public static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }

        socket.Dispose();
    }

    private static async Task PumpAsync(Socket from, Socket to, Direction direction, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferBytes];
        try
        {
            while (true)
            {
                int count = await ReceiveAsync(from, buffer, cancellationToken);
                await direction.PassAsync(Math.Max(count, 0), cancellationToken);
                if (count < 0)
                {
                    Reset(to);
                    return;
                }

                if (count == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                for (int sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), SocketFlags.None, cancellationToken);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The receiver is gone, which the other pump passes on; or all is over.
        }
    }

    /// <summary>-1: the connection broke.</summary>
    private static async Task<int> ReceiveAsync(Socket from, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await from.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return -1;
        }
    }
}
