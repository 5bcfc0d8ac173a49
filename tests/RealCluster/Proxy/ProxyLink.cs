using System.Net;
using System.Net.Sockets;

namespace SimGraph.RealCluster.Proxy;

/// <summary>The way on which one place dials another: a listener of its own, and the connections that came through it.</summary>
internal sealed class ProxyLink : IAsyncDisposable
{
    private readonly object _gate = new();
    private readonly Socket _listener;
    private readonly IPEndPoint _target;
    private readonly Direction _there;
    private readonly Direction _back;
    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<Task> _connections = [];
    private readonly Task _accepting;
    private CancellationTokenSource _reset = new();

    /// <param name="listener">Bound and listening; owned from now on.</param>
    /// <param name="targetPort">Where the other place really is.</param>
    /// <param name="there">From the one who dials to the other.</param>
    /// <param name="back">The other way.</param>
    public ProxyLink(Socket listener, int targetPort, Direction there, Direction back)
    {
        _listener = listener;
        _target = new IPEndPoint(IPAddress.Loopback, targetPort);
        _there = there;
        _back = back;
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Where to dial.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Breaks every connection, without a farewell.</summary>
    public void ResetAll()
    {
        CancellationTokenSource reset;
        lock (_gate)
        {
            reset = _reset;
            _reset = new CancellationTokenSource();
        }

        reset.Cancel();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        ResetAll();
        Task[] connections;
        lock (_gate)
        {
            connections = [.. _connections];
        }

        await Task.WhenAll(connections);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket accepted;
            try
            {
                accepted = await _listener.AcceptAsync(_stopping.Token);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                continue;
            }

            CancellationToken reset;
            lock (_gate)
            {
                reset = _reset.Token;
            }

            Task carrying = Task.Run(() => CarryAsync(accepted, reset));
            lock (_gate)
            {
                _connections.RemoveWhere(static connection => connection.IsCompleted);
                _connections.Add(carrying);
            }
        }
    }

    private async Task CarryAsync(Socket accepted, CancellationToken reset)
    {
        using var dialled = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        accepted.NoDelay = true;
        try
        {
            // The packets of the three-way handshake travel in both directions.
            await _there.PassAsync(0, reset);
            await _back.PassAsync(0, reset);
            await dialled.ConnectAsync(_target, reset);
            await new ProxyConnection(accepted, dialled, _there, _back).CarryAsync(reset);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // Nobody listens, or all is over.
        }

        ProxyConnection.Reset(accepted);
        ProxyConnection.Reset(dialled);
    }
}
