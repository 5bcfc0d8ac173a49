// The time for which a follower lags, in constant memory: one mark at a time on the end of the leader's log. When the follower is known to hold what the mark stands at, it holds what the leader
// had when the mark was set, and the next one is set. Nothing here subtracts what may be larger: an index that is ahead and a clock that stands still make a lag of zero.

using SimGraph.Cluster.Consensus;

namespace SimGraph.Replication.Node;

/// <summary>What is known about one follower's lag. Not thread-safe.</summary>
internal sealed class FollowerMark(NodeId follower, TimeSpan now)
{
    private TimeSpan _heldAt = now;
    private ulong _match;
    private ulong _markIndex;
    private TimeSpan _markAt;
    private bool _isMarked;

    public NodeId Follower => follower;

    /// <summary>The follower holds the log durably up to <paramref name="match"/>, and the leader up to <paramref name="last"/>.</summary>
    public void Note(ulong match, ulong last, TimeSpan now)
    {
        _match = match;
        if (match >= last)
        {
            _heldAt = now;
            _isMarked = false;
            return;
        }

        if (_isMarked && match >= _markIndex)
        {
            _heldAt = _markAt;
            _isMarked = false;
        }

        if (!_isMarked)
        {
            (_markIndex, _markAt, _isMarked) = (last, now, true);
        }
    }

    /// <summary>The lag behind a leader whose log ends at <paramref name="last"/>.</summary>
    public FollowerLag Read(ulong last, TimeSpan now) => last > _match
        ? new FollowerLag(follower, last - _match, now > _heldAt ? now - _heldAt : TimeSpan.Zero)
        : new FollowerLag(follower, 0, TimeSpan.Zero);
}
