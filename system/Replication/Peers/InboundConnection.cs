using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Node;
using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Peers;

/// <summary>One accepted connection, as its registry sees it.</summary>
internal sealed class InboundConnection(IConnection connection, long number, TimeProvider clock, TimeSpan ageLimit)
{
    private readonly long _accepted = clock.GetTimestamp();
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

    /// <summary>
    /// Ends it if it was silent, takes no bytes, or lasts for too long. A client's is ended when its requests are answered; a peer ends its own in time, so one that is still here is aborted.
    /// True when it was retired now.
    /// </summary>
    public bool EndIfDue(ReplicaOptions options)
    {
        TimeSpan silence = clock.GetElapsedTime(Volatile.Read(ref _lastActivity));
        bool isIdle = silence > options.IdleLimit;
        TimeSpan age = clock.GetElapsedTime(_accepted);
        if (Client is { } client)
        {
            client.AbortIfStalled(options.WriteLimit, options.ConnectionRenewalLimit);
            if (HoldsState && silence > options.SnapshotKeepLimit)
            {
                connection.Abort();
            }

            // Who fetches a state would have to begin anew: its connection may grow older.
            return (isIdle || age > ageLimit) && !HoldsState && client.TryRetire();
        }

        if (isIdle || age > options.ConnectionAgeLimit + options.ConnectionRenewalLimit)
        {
            connection.Abort();
        }

        return false;
    }
}
