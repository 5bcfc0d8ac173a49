using System.Net;
using System.Net.Sockets;

namespace SimGraph.RealCluster.Proxy;

/// <summary>
/// Ports of this machine, below the range from which the kernel serves outgoing connections: one of those could take the port of a node while it is down.
/// </summary>
internal static class LoopbackPorts
{
    private const int First = 12_000;
    private const int Last = 32_000;

    /// <summary>Ports at which nobody listens.</summary>
    public static IReadOnlyList<int> Free(int count)
    {
        var sockets = new List<Socket>();
        while (sockets.Count < count)
        {
            sockets.Add(Listen([]));
        }

        int[] ports = [.. sockets.Select(static socket => ((IPEndPoint)socket.LocalEndPoint!).Port)];
        sockets.ForEach(static socket => socket.Dispose());
        return ports;
    }

    /// <summary>Listens at a port that nobody uses, and that is none of those.</summary>
    public static Socket Listen(IReadOnlyList<int> others)
    {
        while (true)
        {
            int port = Random.Shared.Next(First, Last);
            if (!others.Contains(port) && TryListen(port) is { } listener)
            {
                return listener;
            }
        }
    }

    /// <summary>Null if somebody listens there.</summary>
    public static Socket? TryListen(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            listener.Listen();
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            return null;
        }
    }
}
