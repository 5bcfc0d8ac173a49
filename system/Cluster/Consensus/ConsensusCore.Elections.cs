// Elections (dissertation 3.4, 3.6.1), pre-vote (9.6), leader stickiness (4.2.3) and the leader's check of its quorum (6.2).

using SimGraph.Runtime;
using SimGraph.Storage.Log;

namespace SimGraph.Cluster.Consensus;

public sealed partial class ConsensusCore
{
    private int _electionElapsedTicks;
    private int _electionTimeoutTicks;
    private int _heartbeatElapsedTicks;

    /// <summary>True while a leader of this term was heard within the shortest election timeout, or this node leads.</summary>
    private bool HearsLiveLeader =>
        Role == ConsensusRole.Leader || (Leader is not null && _electionElapsedTicks < _options.ElectionTimeoutTicks);

    private void TickElection()
    {
        // Alone, there is nobody to wait for, and nothing to repeat while the own vote is being written.
        if (_voters.Length == 1)
        {
            if (Role != ConsensusRole.Candidate)
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

        _heartbeatElapsedTicks++;
        if (_heartbeatElapsedTicks >= _options.HeartbeatTicks)
        {
            SendHeartbeats();
        }
    }

    /// <summary>A leader that a quorum may have replaced must not go on as one (6.2): it counts who answered within an election timeout, itself included.</summary>
    private bool HeardFromQuorum()
    {
        int heard = 1;
        for (int i = 0; i < _progress.Length; i++)
        {
            if (i != _self && _now - _progress[i].HeardAtTick < (ulong)_options.ElectionTimeoutTicks)
            {
                heard++;
            }
        }

        return heard >= Quorum.Size(_voters.Length);
    }

    /// <summary>Draws a new timeout from [n, 2n), so that nodes that once timed out together do not do so for ever (3.4).</summary>
    private void RestartElectionTimer()
    {
        _electionElapsedTicks = 0;
        _electionTimeoutTicks = _options.ElectionTimeoutTicks + _electionJitter.Next(_options.ElectionTimeoutTicks);
    }

    private void BeginPreVote()
    {
        Role = ConsensusRole.PreCandidate;
        Leader = null;
        RestartElectionTimer();
        _votes.Begin(Term + 1, preVote: true);
        _votes.Record(Term + 1, preVote: true, _self, granted: true);
        SendVoteRequests(MessageKind.PreVoteRequest, Term + 1);
    }

    private void BeginElection()
    {
        _hard = new HardState(Term + 1, _options.Self);
        Role = ConsensusRole.Candidate;
        Leader = null;
        RestartElectionTimer();
        _votes.Begin(Term, preVote: false);
        SendVoteRequests(MessageKind.VoteRequest, Term);
    }

    /// <summary>The own vote counts like any other: once it is durable (3.8).</summary>
    private void CountOwnVote(HardState durable)
    {
        if (Role == ConsensusRole.Candidate && durable.Term == Term && durable.Vote == _options.Self)
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
        if (Role != (preVote ? ConsensusRole.PreCandidate : ConsensusRole.Candidate))
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
        for (int i = 0; i < _progress.Length; i++)
        {
            _progress[i].Reset(_log.Last.Index + 1, _now);
        }

        _uncommittedBytes = 0;
        for (ulong i = CommitIndex + 1; i <= _log.Last.Index; i++)
        {
            _uncommittedBytes += CostBytes(_log[i]);
        }

        // An entry of the own term is what a leader needs to commit anything (3.6.2) and to know what is committed (6.4).
        _termStartIndex = _log.Last.Index + 1;
        AppendOwn(LogEntryKind.NoOperation, ReadOnlyMemory<byte>.Empty);
    }

    /// <summary>Whether a candidate's log holds everything that may be committed: the later last term wins, then the longer log (3.6.1).</summary>
    private bool IsUpToDate(LogPosition candidate) =>
        candidate.Term != _log.Last.Term ? candidate.Term > _log.Last.Term : candidate.Index >= _log.Last.Index;

    private void SendVoteRequests(MessageKind kind, ulong term)
    {
        for (int i = 0; i < _voters.Length; i++)
        {
            if (i != _self)
            {
                Send(new ConsensusMessage { Kind = kind, From = _options.Self, To = _voters[i], Term = term, Previous = _log.Last });
            }
        }
    }

    private void SendVote(MessageKind kind, NodeId to, ulong term, bool granted) =>
        Send(new ConsensusMessage { Kind = kind, From = _options.Self, To = to, Term = term, Rejected = !granted });
}
