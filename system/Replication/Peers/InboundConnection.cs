using SimGraph.Cluster.Consensus;
using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Peers;

/// <summary>One accepted connection, as its registry sees it.</summary>
internal sealed class InboundConnection(IConnection connection, long number, TimeProvider clock)
{
    private long _lastActivity = clock.GetTimestamp();
    private volatile bool _holdsState;

    /// <summary>The connection.</summary>
    public IConnection Connection => connection;

    /// <summary>Order of acceptance.</summary>
    public long Number => number;

    /// <summary>The peer at the other end, once known.</summary>
    public NodeId? Peer { get; set; }

    /// <summary>The client at the other end, once known to be one.</summary>
    public ClientLink? Client { get; set; }

    /// <summary>Whether a state is frozen for the other end: silence is borne for less long then.</summary>
    public bool HoldsState
    {
        get => _holdsState;
        set => _holdsState = value;
    }

    /// <summary>The other end said something.</summary>
    public void Touch() => Volatile.Write(ref _lastActivity, clock.GetTimestamp());

    /// <summary>Aborts if it was silent, or takes no bytes, for too long.</summary>
    public void AbortIfStalled(TimeSpan idleLimit, TimeSpan writeLimit)
    {
        if (clock.GetElapsedTime(Volatile.Read(ref _lastActivity)) > idleLimit)
        {
            connection.Abort();
        }

        Client?.AbortIfStalled(writeLimit);
    }
}
