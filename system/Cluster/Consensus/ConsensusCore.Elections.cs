// Elections (dissertation 3.4, 3.6.1), pre-vote (9.6), leader stickiness (4.2.3) and the leader's check of its quorum (6.2).
//
// The election timeout is drawn from [n, 2n). Split votes widen the part that is drawn, doubling up to a bound: that is the back-off against an election that
// splits for ever. Priorities divide it: while somebody outranks a node it draws from the later half, while it outranks somebody from the earlier one. So among
// equals the higher priority campaigns first, and a node that is outranked by the dead alone loses no more than half a timeout.

using SimGraph.Runtime;
using SimGraph.Storage.Log;

namespace SimGraph.Cluster.Consensus;

public sealed partial class ConsensusCore
{
    private int _electionElapsedTicks;
    private int _electionTimeoutTicks;
    private int _heartbeatElapsedTicks;
    private int _splitVotes;
    private ulong _stickyUntilTick;

    /// <summary>
    /// True while a leader was heard within the shortest election timeout, or this node leads. A newer term that is heard of meanwhile ends nothing: leases of the
    /// leader that was heard rest on this.
    /// </summary>
    private bool HearsLiveLeader => Role == ConsensusRole.Leader || _now < _stickyUntilTick;

    private void TickElection()
    {
        if (!MayCampaign)
        {
            return;
        }

        // Alone, there is nobody to wait for but a leader that removes itself, and nothing to repeat while the own vote is being written.
        if (_voterCount == 1 && IsVoter)
        {
            if (Role != ConsensusRole.Candidate && !HearsLiveLeader)
            {
                BeginElection();
            }

            return;
        }

        _electionElapsedTicks++;
        if (_electionElapsedTicks < _electionTimeoutTicks)
        {
            return;
        }

        if (Role == ConsensusRole.Candidate)
        {
            _probes.Reachable("raft.election-timed-out-split-vote");
            BackOff();
        }

        BeginPreVote();
    }

    private void TickLeader()
    {
        if (!HeardFromQuorum())
        {
            _probes.Reachable("raft.leader-stepped-down-without-quorum");
            BecomeFollower(Term);
            return;
        }

        TickTransfer();
        _heartbeatElapsedTicks++;
        if (_heartbeatElapsedTicks >= _options.HeartbeatTicks)
        {
            SendHeartbeats();
        }
    }

    /// <summary>A leader that a quorum may have replaced must not go on as one (6.2): it counts the voters that answered within an election timeout, itself included.</summary>
    private bool HeardFromQuorum()
    {
        int heard = 0;
        for (int i = 0; i < _progress.Length; i++)
        {
            if (_progress[i].IsVoter && (i == _self || WasHeard(_progress[i])))
            {
                heard++;
            }
        }

        return heard >= Quorum.Size(_voterCount);
    }

    private void BackOff() => _splitVotes = Math.Min(_splitVotes + 1, _options.ElectionBackoffDoublingsMax);

    private bool WasHeard(FollowerProgress follower) => _now - follower.HeardAtTick < (ulong)_options.ElectionTimeoutTicks;

    /// <summary>Draws a new timeout from [n, 2n), so that nodes that once timed out together do not do so for ever (3.4).</summary>
    private void RestartElectionTimer()
    {
        _electionElapsedTicks = 0;
        int width = _options.ElectionTimeoutTicks << _splitVotes;
        int jitter = !_isOutranked && !_outranks ? _electionJitter.Next(width)
            : _isOutranked ? (width / 2) + _electionJitter.Next(width - (width / 2))
            : _electionJitter.Next(Math.Max(1, width / 2));
        _electionTimeoutTicks = _options.ElectionTimeoutTicks + jitter;
    }

    private void BeginPreVote()
    {
        Role = ConsensusRole.PreCandidate;
        Leader = null;
        RestartElectionTimer();
        _votes.Begin(Term + 1, preVote: true, _progress.Length, _voterCount);
        if (IsVoter)
        {
            _votes.Record(Term + 1, preVote: true, _self, granted: true);
        }

        SendVoteRequests(MessageKind.PreVoteRequest, Term + 1, transfer: false);
    }

    private void BeginElection(bool transfer = false)
    {
        _hard = new HardState(Term + 1, _options.Self);
        Role = ConsensusRole.Candidate;
        Leader = null;
        RestartElectionTimer();
        _votes.Begin(Term, preVote: false, _progress.Length, _voterCount);
        SendVoteRequests(MessageKind.VoteRequest, Term, transfer);
    }

    /// <summary>The own vote counts like any other: once it is durable (3.8).</summary>
    private void CountOwnVote(HardState durable)
    {
        if (Role == ConsensusRole.Candidate && durable.Term == Term && durable.Vote == _options.Self && IsVoter)
        {
            _votes.Record(Term, preVote: false, _self, granted: true);
            ConcludeBallot();
        }
    }

    private void OnPreVoteRequest(ConsensusMessage message)
    {
        bool granted = message.Term > Term && !HearsLiveLeader && IsUpToDate(message.Previous);
        if (!granted)
        {
            _probes.Reachable("raft.pre-vote-rejected");
        }

        SendVote(MessageKind.PreVoteResponse, message.From, granted ? message.Term : Term, granted);
    }

    private void OnVoteRequest(ConsensusMessage message)
    {
        bool free = _hard.Vote == message.From || (_hard.Vote is null && Leader is null);
        bool granted = free && IsUpToDate(message.Previous);
        if (granted)
        {
            if (Role == ConsensusRole.PreCandidate)
            {
                BecomeFollower(Term);
            }

            _hard = new HardState(Term, message.From);
            _electionElapsedTicks = 0;
        }

        SendVote(MessageKind.VoteResponse, message.From, Term, granted);
    }

    private void OnVoteResponse(ConsensusMessage message, int sender)
    {
        bool preVote = message.Kind == MessageKind.PreVoteResponse;
        if (Role != (preVote ? ConsensusRole.PreCandidate : ConsensusRole.Candidate) || !_progress[sender].IsVoter)
        {
            return;
        }

        // A refusal of a pre-vote carries the voter's own term: equal to this node's here, as a newer one has ended the ballot.
        ulong ballot = preVote && message.Rejected ? Term + 1 : message.Term;
        _votes.Record(ballot, preVote, sender, !message.Rejected);
        ConcludeBallot();
    }

    private void ConcludeBallot()
    {
        switch (_votes.Outcome)
        {
            case VoteOutcome.Won when Role == ConsensusRole.PreCandidate:
                BeginElection();
                break;
            case VoteOutcome.Won:
                BecomeLeader();
                break;
            case VoteOutcome.Lost:
                if (Role == ConsensusRole.Candidate)
                {
                    BackOff();
                }

                BecomeFollower(Term);
                break;
            default:
                break;
        }
    }

    private void BecomeLeader()
    {
        Invariant.Check(Role == ConsensusRole.Candidate, "only a candidate becomes leader");
        _probes.Reachable("raft.leader-elected");
        Role = ConsensusRole.Leader;
        Leader = _options.Self;
        _heartbeatElapsedTicks = 0;
        _sliceFrom = 0;
        _splitVotes = 0;
        BeginTransferWatch();
        for (int i = 0; i < _progress.Length; i++)
        {
            _progress[i].Reset(_log.Last.Index + 1, _now);
        }

        _uncommittedBytes = 0;
        for (ulong i = CommitIndex + 1; i <= _log.Last.Index; i++)
        {
            _uncommittedBytes += CostBytes(_log[i]);
        }

        // An entry of the own term is what a leader needs to commit anything (3.6.2) and to know what is committed (6.4). Where the log does not say yet who
        // belongs to the cluster, it is that: who joins later knows nothing but the log.
        _termStartIndex = _log.Last.Index + 1;
        if (MembershipIndex == 0)
        {
            AppendOwn(LogEntryKind.Membership, Membership.Encode());
        }
        else
        {
            AppendOwn(LogEntryKind.NoOperation, ReadOnlyMemory<byte>.Empty);
        }
    }

    /// <summary>Whether a candidate's log holds everything that may be committed: the later last term wins, then the longer log (3.6.1).</summary>
    private bool IsUpToDate(LogPosition candidate) =>
        candidate.Term != _log.Last.Term ? candidate.Term > _log.Last.Term : candidate.Index >= _log.Last.Index;

    private void SendVoteRequests(MessageKind kind, ulong term, bool transfer)
    {
        for (int i = 0; i < _progress.Length; i++)
        {
            if (i != _self && _progress[i].IsVoter)
            {
                Send(new ConsensusMessage
                {
                    Kind = kind, From = _options.Self, To = _progress[i].Id, Term = term, Previous = _log.Last, Transfer = transfer,
                });
            }
        }
    }

    private void SendVote(MessageKind kind, NodeId to, ulong term, bool granted) =>
        Send(new ConsensusMessage { Kind = kind, From = _options.Self, To = to, Term = term, Rejected = !granted });
}
