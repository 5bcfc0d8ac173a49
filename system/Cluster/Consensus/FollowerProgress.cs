// What a leader knows about one follower and how much it may send (dissertation section 3.5 for nextIndex and matchIndex, 10.2.1 for pipelining).
// Match only grows while a leader leads. Next is a guess in Probe and optimistic in Replicate; Match < Next always.

namespace SimGraph.Cluster.Consensus;

internal sealed class FollowerProgress(NodeId id, int window)
{
    private readonly ulong[] _inflight = new ulong[window];
    private int _inflightHead;
    private bool _probeSent;

    public NodeId Id { get; } = id;

    public FollowerState State { get; private set; }

    /// <summary>Highest index known to be durable there and equal to the leader's.</summary>
    public ulong Match { get; set; }

    /// <summary>Next index to send.</summary>
    public ulong Next { get; private set; } = 1;

    /// <summary>Commit index of the newest append sent.</summary>
    public ulong CommitSent { get; set; }

    /// <summary>Index of the snapshot that is under way.</summary>
    public ulong PendingSnapshot { get; private set; }

    /// <summary>Whether it votes in the membership in force.</summary>
    public bool IsVoter { get; set; }

    public byte Priority { get; set; }

    /// <summary>The leader's clock when it sent the newest heartbeat that was answered; 0 before the first.</summary>
    public ulong AnsweredStamp { get; set; }

    /// <summary>Tick at which an answer in this term came last.</summary>
    public ulong HeardAtTick { get; set; }

    /// <summary>Appends with entries that are not acknowledged.</summary>
    public int InflightCount { get; private set; }

    public bool IsPaused => State switch
    {
        FollowerState.Probe => _probeSent,
        FollowerState.Replicate => InflightCount == _inflight.Length,
        _ => true,
    };

    public void Reset(ulong next, ulong tick)
    {
        Match = 0;
        CommitSent = 0;
        AnsweredStamp = 0;
        HeardAtTick = tick;
        BecomeProbe(next);
    }

    public void BecomeProbe(ulong next)
    {
        State = FollowerState.Probe;
        Next = Math.Max(next, Match + 1);
        _probeSent = false;
        ClearInflight();
    }

    public void BecomeReplicate()
    {
        State = FollowerState.Replicate;
        Next = Match + 1;
        ClearInflight();
    }

    public void BecomeSnapshot(ulong index)
    {
        State = FollowerState.Snapshot;
        PendingSnapshot = index;
        ClearInflight();
    }

    /// <summary>Holds a probe back until the follower answers a heartbeat.</summary>
    public void PauseProbe() => _probeSent = true;

    public void OnSent(int entries)
    {
        if (State == FollowerState.Probe)
        {
            _probeSent = true;
        }
        else if (entries > 0)
        {
            Next += (ulong)entries;
            _inflight[(_inflightHead + InflightCount) % _inflight.Length] = Next - 1;
            InflightCount++;
        }
    }

    /// <summary>Notes that everything up to <paramref name="index"/> matches; false when that is no news.</summary>
    public bool TryAdvance(ulong index)
    {
        while (InflightCount > 0 && _inflight[_inflightHead] <= index)
        {
            _inflightHead = (_inflightHead + 1) % _inflight.Length;
            InflightCount--;
        }

        if (index <= Match)
        {
            return false;
        }

        Match = index;
        Next = Math.Max(Next, index + 1);
        return true;
    }

    private void ClearInflight()
    {
        InflightCount = 0;
        _inflightHead = 0;
    }
}
