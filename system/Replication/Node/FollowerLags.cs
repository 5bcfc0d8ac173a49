using SimGraph.Cluster.Consensus;

namespace SimGraph.Replication.Node;

/// <summary>The lags of all followers of a leader; none while the node does not lead. Not thread-safe.</summary>
internal sealed class FollowerLags
{
    private List<FollowerMark> _marks = [];
    private Membership? _membership;
    private ulong _term;
    private ulong _last;

    /// <summary>Looks at what the core knows now.</summary>
    public void Observe(ConsensusCore core, TimeSpan now)
    {
        if (core.Role != ConsensusRole.Leader || core.Term != _term)
        {
            // What a follower of another term's leader held is not known to be in the log of this one.
            _marks = [];
            _membership = null;
            _term = core.Term;
            if (core.Role != ConsensusRole.Leader)
            {
                return;
            }
        }

        Follow(core, now);
        _last = core.Last.Index;
        foreach (FollowerMark mark in _marks)
        {
            mark.Note(core.MatchOf(mark.Follower) ?? 0, _last, now);
        }
    }

    /// <summary>The lags at this moment, in ascending order of nodes.</summary>
    public FollowerLag[] Read(TimeSpan now) => [.. _marks.Select(mark => mark.Read(_last, now))];

    private void Follow(ConsensusCore core, TimeSpan now)
    {
        if (ReferenceEquals(_membership, core.Membership))
        {
            return;
        }

        _membership = core.Membership;
        var marks = new List<FollowerMark>();
        foreach (Member member in _membership.Voters.Concat(_membership.Learners).OrderBy(static member => member.Id))
        {
            // This node has no lag behind itself.
            if (core.MatchOf(member.Id) is not null)
            {
                marks.Add(_marks.Find(known => known.Follower == member.Id) ?? new FollowerMark(member.Id, now));
            }
        }

        _marks = marks;
    }
}
