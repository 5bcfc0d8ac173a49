// Membership, changed one member at a time (dissertation chapter 4). The configuration of the newest entry of the log counts, committed or not; a truncated one
// brings the former back, so those behind the commit index are remembered. A leader begins a change only when the last one is committed and an entry of its own term
// is (the correction of 2015 to the single-server changes): then any two quorums that may decide at the same time share a voter.

using SimGraph.Runtime;
using SimGraph.Storage.Log;

namespace SimGraph.Cluster.Consensus;

public sealed partial class ConsensusCore
{
    // The first one counts at the commit index; its index is 0 as long as no entry says it. Ascending.
    private readonly List<(ulong Index, Membership Membership)> _memberships = [];

    // By id, of the membership in force; this node among them, unless it is no member.
    private FollowerProgress[] _progress = [];
    private int _self = -1;
    private int _voterCount;
    private bool _isOutranked;
    private bool _outranks;
    private ulong[] _voterScratch = [];

    /// <summary>The configuration in force: that of the newest entry which holds one, committed or not.</summary>
    public Membership Membership => _memberships[^1].Membership;

    /// <summary>Index of the entry that holds it, or a later one that is committed; 0 for the one that the cluster began with.</summary>
    public ulong MembershipIndex => _memberships[^1].Index;

    private bool IsVoter => _self >= 0 && _progress[_self].IsVoter;

    /// <summary>
    /// Who does not vote does not campaign, unless its removal is not known to be committed: then its log may be what the others' lack, and only it can be elected (4.2.2).
    /// It does not count itself.
    /// </summary>
    private bool MayCampaign
    {
        get
        {
            for (int i = _memberships.Count - 1; i >= 0; i--)
            {
                if (_memberships[i].Membership.IsVoter(_options.Self))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Begins a change of the membership, if this node leads and the change can be made now.</summary>
    /// <param name="change">What to do.</param>
    /// <param name="position">Where its entry stands, if it was begun; another entry at that index with another term means that the change was rolled back.</param>
    public MembershipDecision TryChangeMembership(in MembershipChange change, out LogPosition position)
    {
        position = default;
        if (Role != ConsensusRole.Leader || _transferTarget is not null)
        {
            return MembershipDecision.NotLeader;
        }

        if (MembershipIndex > CommitIndex || CommitIndex < _termStartIndex)
        {
            return MembershipDecision.NotYet;
        }

        MembershipDecision decision = Judge(change, out Membership? changed);
        if (changed is not null)
        {
            AppendOwn(LogEntryKind.Membership, changed.Encode());
            position = _log.Last;
        }

        return decision;
    }

    private MembershipDecision Judge(in MembershipChange change, out Membership? changed)
    {
        Membership now = Membership;
        NodeId id = change.Member.Id;
        changed = null;
        switch (change.Kind)
        {
            case MembershipChangeKind.AddLearner when now.Contains(id):
            case MembershipChangeKind.Promote when now.IsVoter(id):
            case MembershipChangeKind.Remove when !now.Contains(id):
                return MembershipDecision.NoChange;
            case MembershipChangeKind.AddLearner when now.Learners.Length == Membership.VotersMax:
            case MembershipChangeKind.Promote when now.Voters.Length == Membership.VotersMax:
                return MembershipDecision.Full;
            case MembershipChangeKind.AddLearner:
                changed = now.WithLearner(change.Member);
                break;
            case MembershipChangeKind.Promote when !now.Contains(id):
                return MembershipDecision.Unknown;
            case MembershipChangeKind.Promote when !IsCaughtUp(_progress[SlotOf(id)]):
                return MembershipDecision.NotCaughtUp;
            case MembershipChangeKind.Promote:
                changed = now.WithPromoted(id);
                break;
            case MembershipChangeKind.Remove when now.IsVoter(id) && now.Voters.Length == 1:
                return MembershipDecision.LastVoter;
            case MembershipChangeKind.Remove:
                changed = now.Without(id);
                break;
            default:
                return MembershipDecision.Unknown;
        }

        return MembershipDecision.Begun;
    }

    /// <summary>Whether one append may bring a follower to the end of the log, and it answers: a vote for it costs the cluster no availability (4.2.1).</summary>
    private bool IsCaughtUp(FollowerProgress follower) =>
        follower.State == FollowerState.Replicate && WasHeard(follower) && follower.Match + (ulong)_options.AppendEntriesMax >= _log.Last.Index;

    private void RestoreMembership(ConsensusState restored, LogPosition applied)
    {
        _memberships.Add(restored.Membership is { } known ? (applied.Index, known) : (0, _options.Members));
        for (ulong i = applied.Index + 1; i <= _log.Last.Index; i++)
        {
            NoteMembership(_log[i]);
        }

        UseMembership();
    }

    private void RestartMembership(ulong index, Membership? membership)
    {
        _memberships.Clear();
        _memberships.Add(membership is null ? (0, _options.Members) : (index, membership));
        UseMembership();
    }

    private void AppendToLog(LogEntry entry)
    {
        _log.Append(entry);
        if (NoteMembership(entry))
        {
            UseMembership();
        }
    }

    private bool NoteMembership(LogEntry entry)
    {
        if (entry.Kind != LogEntryKind.Membership)
        {
            return false;
        }

        _memberships.Add((entry.Index, DecodeMembership(entry)));
        return true;
    }

    private void RollBackMembership(ulong index)
    {
        if (MembershipIndex < index)
        {
            return;
        }

        _probes.Reachable("raft.membership-rolled-back");
        while (MembershipIndex >= index)
        {
            Invariant.Check(_memberships.Count > 1, "a committed membership is never truncated");
            _memberships.RemoveAt(_memberships.Count - 1);
        }

        UseMembership();
    }

    private void ForgetFormerMemberships()
    {
        int superseded = 0;
        while (superseded + 1 < _memberships.Count && _memberships[superseded + 1].Index <= CommitIndex)
        {
            superseded++;
        }

        _memberships.RemoveRange(0, superseded);
    }

    /// <summary>A leader that removed itself leads until that is committed, without counting itself, and not longer (4.2.2). It names the next one, so that nobody has to wait for it.</summary>
    private void ResignIfRemoved()
    {
        if (IsVoter || MembershipIndex > CommitIndex)
        {
            return;
        }

        _probes.Reachable("raft.leader-removed-itself");
        ReplicateToAll();
        FollowerProgress? successor = null;
        foreach (FollowerProgress follower in _progress)
        {
            if (follower.IsVoter && WasHeard(follower) && (successor is null || follower.Match > successor.Match))
            {
                successor = follower;
            }
        }

        if (successor is not null)
        {
            SendTimeoutNow(successor.Id);
        }

        BecomeFollower(Term);
    }

    /// <summary>What follows from the membership in force; who stays a member keeps what is known about it.</summary>
    private void UseMembership()
    {
        Membership now = Membership;
        FollowerProgress[] former = _progress;
        var members = new FollowerProgress[now.Voters.Length + now.Learners.Length];
        int voter = 0;
        int learner = 0;
        for (int i = 0; i < members.Length; i++)
        {
            bool votes = learner == now.Learners.Length || (voter < now.Voters.Length && now.Voters[voter].Id < now.Learners[learner].Id);
            Member member = votes ? now.Voters[voter++] : now.Learners[learner++];
            FollowerProgress? known = Array.Find(former, progress => progress.Id == member.Id);
            if (known is null)
            {
                known = new FollowerProgress(member.Id, _options.InflightAppendsMax);

                // From the newest entry on, so that a new member is spoken to at once.
                known.Reset(Math.Max(1, _log.Last.Index), _now);
            }

            known.IsVoter = votes;
            known.Priority = member.Priority;
            members[i] = known;
        }

        _progress = members;
        _self = SlotOf(_options.Self);
        _voterCount = now.Voters.Length;
        _voterScratch = new ulong[_voterCount];
        _isOutranked = IsVoter && Array.Exists(members, member => member.IsVoter && member.Priority > members[_self].Priority);
        _outranks = IsVoter && Array.Exists(members, member => member.IsVoter && member.Priority < members[_self].Priority);
        _reads.Reopen();
        if (_transferTarget is { } target && !now.IsVoter(target))
        {
            _transferTarget = null;
        }
    }

    private int SlotOf(NodeId id)
    {
        int low = 0;
        int high = _progress.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = _progress[middle].Id.CompareTo(id);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    private static Membership DecodeMembership(LogEntry entry)
    {
        try
        {
            return Membership.Decode(entry.Payload.Span);
        }
        catch (FormatException exception)
        {
            throw new InvariantViolationException($"entry {entry.Index} of the log should hold a membership: {exception.Message}");
        }
    }
}
