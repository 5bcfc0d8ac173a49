using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Node;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Peers;

/// <summary>All accepted connections, and the bounds on them. Thread-safe.</summary>
internal sealed class InboundRegistry(TimeProvider clock, int pendingMax, int clientsMax, TimeSpan ageLimit, Random ages)
{
    private readonly object _gate = new();
    private readonly SortedDictionary<long, InboundConnection> _all = [];
    private readonly SortedDictionary<NodeId, InboundConnection> _peers = [];
    private long _accepted;
    private int _pending;
    private int _clients;
    private bool _closed;

    /// <summary>Set when the registry is closed and the last client is gone.</summary>
    public EndSignal ClientsGone { get; } = new();

    /// <summary>Enters a connection whose handshake is to come; null if there are too many of those, or the registry is closed.</summary>
    public InboundConnection? TryAdmit(IConnection connection)
    {
        lock (_gate)
        {
            if (_closed || _pending >= pendingMax)
            {
                return null;
            }

            _pending++;
            var admitted = new InboundConnection(connection, ++_accepted, clock, ConnectionAge.Draw(ageLimit, ages));
            _all.Add(admitted.Number, admitted);
            return admitted;
        }
    }

    /// <summary>The connection turns out to be a peer's. Returns the older connection of that peer, which it replaces, if there is one.</summary>
    public InboundConnection? BecomePeer(InboundConnection connection, NodeId peer)
    {
        lock (_gate)
        {
            _peers.Remove(peer, out InboundConnection? replaced);
            _peers.Add(peer, connection);
            connection.Peer = peer;
            _pending--;
            return replaced;
        }
    }

    /// <summary>The connection turns out to be a client's. False if there are too many of those.</summary>
    public bool TryBecomeClient(InboundConnection connection, ClientLink link)
    {
        lock (_gate)
        {
            if (_closed || _clients >= clientsMax)
            {
                return false;
            }

            _clients++;
            _pending--;
            connection.Client = link;
            return true;
        }
    }

    /// <summary>The connection has ended.</summary>
    public void Remove(InboundConnection connection)
    {
        bool clientsGone;
        lock (_gate)
        {
            if (!_all.Remove(connection.Number))
            {
                return;
            }

            Uncount(connection);
            clientsGone = _closed && _clients == 0;
        }

        if (clientsGone)
        {
            ClientsGone.Set();
        }
    }

    /// <summary>Admits nobody from here on.</summary>
    public void Close()
    {
        bool clientsGone;
        lock (_gate)
        {
            _closed = true;
            clientsGone = _clients == 0;
        }

        if (clientsGone)
        {
            ClientsGone.Set();
        }
    }

    /// <summary>Those open now, oldest first.</summary>
    public InboundConnection[] ToArray()
    {
        lock (_gate)
        {
            return [.. _all.Values];
        }
    }

    private void Uncount(InboundConnection connection)
    {
        if (connection.Client is not null)
        {
            _clients--;
        }
        else if (connection.Peer is not { } peer)
        {
            _pending--;
        }
        else if (_peers.TryGetValue(peer, out InboundConnection? current) && ReferenceEquals(current, connection))
        {
            _peers.Remove(peer);
        }
    }
}
