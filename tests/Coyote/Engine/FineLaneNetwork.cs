// Connections in memory: each direction is a mailbox of byte blocks. A write is delivered at once; when it is seen is Coyote's choice, because each call
// waits once before it takes effect.

using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Network;

namespace SimGraph.Coyote.Tests.Engine;

/// <summary>An in-memory network of all machines of a scenario. Thread-safe.</summary>
internal sealed class FineLaneNetwork : INetwork
{
    private const int BacklogMax = 16;
    private readonly object _gate = new();
    private readonly SortedDictionary<string, Listener> _listeners = new(StringComparer.Ordinal);
    private readonly List<FineLaneConnection> _connections = [];

    /// <summary>Ends of connections that were not disposed.</summary>
    internal int OpenConnections
    {
        get
        {
            lock (_gate)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>Ports that are open.</summary>
    internal int OpenListeners
    {
        get
        {
            lock (_gate)
            {
                return _listeners.Count;
            }
        }
    }

    public async ValueTask<IListener> ListenAsync(NetworkAddress address, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var listener = new Listener(this, address);
        lock (_gate)
        {
            return _listeners.TryAdd(address.ToString(), listener)
                ? listener
                : throw new NetworkException(NetworkError.AddressInUse, $"{address} is in use");
        }
    }

    public async ValueTask<IConnection> ConnectAsync(NetworkAddress address, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        Listener? listener;
        lock (_gate)
        {
            _listeners.TryGetValue(address.ToString(), out listener);
        }

        var (near, far) = FineLaneConnection.CreatePair(new NetworkAddress("client", 1), address, Forget);
        lock (_gate)
        {
            _connections.Add(near);
            _connections.Add(far);
        }

        if (listener is null || !listener.Backlog.TryPost(far))
        {
            near.Abort();
            await near.DisposeAsync();
            await far.DisposeAsync();
            throw new NetworkException(NetworkError.Refused, $"nobody listens at {address}");
        }

        return near;
    }

    /// <summary>Resets every connection, as a switch that loses power does.</summary>
    internal void ResetAll()
    {
        FineLaneConnection[] connections;
        lock (_gate)
        {
            connections = [.. _connections];
        }

        foreach (FineLaneConnection connection in connections)
        {
            connection.Abort();
        }
    }

    private void Forget(FineLaneConnection connection)
    {
        lock (_gate)
        {
            _connections.Remove(connection);
        }
    }

    private sealed class Listener(FineLaneNetwork network, NetworkAddress address) : IListener
    {
        public NetworkAddress LocalAddress => address;

        internal Mailbox<FineLaneConnection> Backlog { get; } = new(BacklogMax);

        public async ValueTask<IConnection> AcceptAsync(CancellationToken cancellationToken)
        {
            while (await Backlog.WaitToReceiveAsync(cancellationToken))
            {
                if (Backlog.TryReceive(out FineLaneConnection connection))
                {
                    return connection;
                }
            }

            throw new ObjectDisposedException(nameof(IListener));
        }

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            lock (network._gate)
            {
                network._listeners.Remove(address.ToString());
            }

            Backlog.Close();
            while (Backlog.TryReceive(out FineLaneConnection connection))
            {
                connection.Abort();
                await connection.DisposeAsync();
            }
        }
    }
}
