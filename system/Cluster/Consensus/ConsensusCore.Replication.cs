// Log replication (dissertation 3.5), commitment (3.6.2), fast back-up over conflicts (3.5, the optimisation with conflict hints) and pipelining (10.2.1).

using System.Diagnostics.CodeAnalysis;
using SimGraph.Runtime;
using SimGraph.Storage.Log;

namespace SimGraph.Cluster.Consensus;

public sealed partial class ConsensusCore
{
    private ulong _termStartIndex;
    private long _uncommittedBytes;

    // The newest slice of the log that was sent: followers in step share it.
    private LogEntry[] _slice = [];
    private ulong _sliceFrom;
    private ulong _sliceLogLast;

    /// <summary>Appends an entry to the log if this node leads. That it was appended does not mean that it will commit.</summary>
    /// <param name="kind">What the payload is; a membership goes through <see cref="TryChangeMembership"/>.</param>
    /// <param name="payload">Kept, not copied: must not change afterwards.</param>
    /// <param name="position">Where the entry stands if it commits; another entry at that index with another term means that it never will.</param>
    /// <returns>False when this node does not lead, hands its leadership over, or holds too many uncommitted bytes.</returns>
    public bool TryPropose(LogEntryKind kind, ReadOnlyMemory<byte> payload, out LogPosition position)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((int)kind, (int)LogEntryKind.Membership, nameof(kind));
        position = default;
        if (Role != ConsensusRole.Leader || _transferTarget is not null)
        {
            return false;
        }

        // One entry is always admitted, or an entry larger than the limit could never be.
        if (_uncommittedBytes > 0 && _uncommittedBytes + payload.Length + EntryOverheadBytes > _options.UncommittedBytesMax)
        {
            _probes.Reachable("raft.proposal-refused-uncommitted-full");
            return false;
        }

        AppendOwn(kind, payload);
        position = _log.Last;
        return true;
    }

    /// <summary>The owner could not reach a member: appends in flight to it are taken as lost.</summary>
    public void ReportUnreachable(NodeId to)
    {
        if (TryGetFollower(to, out FollowerProgress? follower) && follower.State == FollowerState.Replicate)
        {
            follower.BecomeProbe(follower.Match + 1);
            follower.PauseProbe();
        }
    }

    /// <summary>Highest index that a member is known to hold durably; null when this node does not lead, or for itself and for strangers.</summary>
    public ulong? MatchOf(NodeId member) => TryGetFollower(member, out FollowerProgress? follower) ? follower.Match : null;

    /// <summary>
    /// Highest index up to which every voter and learner is known to hold the log durably; 0 when this node does not lead, or while a change of the membership is not committed: nobody can
    /// say yet who they are.
    /// </summary>
    public ulong HeldByAll
    {
        get
        {
            if (Role != ConsensusRole.Leader || MembershipIndex > CommitIndex)
            {
                return 0;
            }

            ulong held = _log.DurableIndex;
            for (int i = 0; i < _progress.Length; i++)
            {
                held = i == _self ? held : Math.Min(held, _progress[i].Match);
            }

            return held;
        }
    }

    private void AppendOwn(LogEntryKind kind, ReadOnlyMemory<byte> payload)
    {
        LogEntry entry = new(_log.Last.Index + 1, Term, kind, payload);
        AppendToLog(entry);
        _uncommittedBytes += CostBytes(entry);
    }

    private void ReplicateToAll()
    {
        for (int i = 0; i < _progress.Length; i++)
        {
            if (i != _self)
            {
                ReplicateTo(_progress[i]);
            }
        }
    }

    /// <summary>Sends what a follower lacks, as far as its window allows; and an empty append when only the commit index is news.</summary>
    private void ReplicateTo(FollowerProgress follower)
    {
        while (!follower.IsPaused &&
            (follower.Next <= _log.Last.Index || (follower.State == FollowerState.Replicate && follower.CommitSent < CommitIndex)))
        {
            SendAppend(follower, withEntries: true);
        }
    }

    private void SendAppend(FollowerProgress follower, bool withEntries)
    {
        ulong previous = follower.Next - 1;
        if (!_log.TryGetTerm(previous, out ulong previousTerm))
        {
            SendSnapshot(follower);
            return;
        }

        LogEntry[] entries = withEntries ? SliceFrom(follower.Next) : [];
        follower.OnSent(entries.Length);
        follower.CommitSent = CommitIndex;
        if (entries.Length > 0)
        {
            _probes.Sometimes(follower.InflightCount > 1, "raft.appends-pipelined");
        }

        Send(new ConsensusMessage
        {
            Kind = MessageKind.AppendRequest,
            From = _options.Self,
            To = follower.Id,
            Term = Term,
            Previous = new LogPosition(previous, previousTerm),
            Commit = CommitIndex,
            Entries = entries,
        });
    }

    private LogEntry[] SliceFrom(ulong from)
    {
        if (from != _sliceFrom || _log.Last.Index != _sliceLogLast)
        {
            int entriesMax = _log.Last.Index > from && _probes.Buggify("raft.short-append") ? 1 : _options.AppendEntriesMax;
            _slice = _log.Slice(from, entriesMax, _options.AppendBytesMax);
            _sliceFrom = from;
            _sliceLogLast = _log.Last.Index;
        }

        return _slice;
    }

    /// <summary>The receiver's side of AppendEntries (figure 3.1).</summary>
    private void OnAppendRequest(ConsensusMessage message)
    {
        LogPosition previous = message.Previous;

        // What is committed here equals the leader's log (leader completeness, 3.6.3), also where this log has forgotten the terms.
        if (previous.Index >= _log.Start.Index && !_log.Holds(previous))
        {
            Invariant.Check(previous.Index > CommitIndex, "a leader's log holds every committed entry");
            RejectAppend(message);
            return;
        }

        AppendFromLeader(message.Entries, previous.Index);
        ulong matched = previous.Index + (ulong)message.Entries.Count;
        CommitTo(Math.Min(message.Commit, matched));
        AcceptAppend(message.From, Math.Max(matched, CommitIndex));
    }

    private void AppendFromLeader(IReadOnlyList<LogEntry> entries, ulong previousIndex)
    {
        for (int i = 0; i < entries.Count; i++)
        {
            LogEntry entry = entries[i];
            Invariant.Check(entry.Index == previousIndex + 1 + (ulong)i, "the entries of an append request are contiguous");
            if (entry.Index <= _log.Start.Index)
            {
                continue;
            }

            if (_log.TryGetTerm(entry.Index, out ulong term))
            {
                // The entry is here already. Truncating behind it would be wrong: the message may be an old one (3.5).
                if (term == entry.Term)
                {
                    continue;
                }

                Invariant.Check(entry.Index > CommitIndex, "a committed entry is never truncated");
                _probes.Reachable("raft.suffix-truncated");
                _log.TruncateFrom(entry.Index);
                RollBackMembership(entry.Index);
            }

            AppendToLog(entry);
        }
    }

    private void AcceptAppend(NodeId leader, ulong matched) =>
        Send(new ConsensusMessage
        {
            Kind = MessageKind.AppendResponse,
            From = _options.Self,
            To = leader,
            Term = Term,
            Previous = new LogPosition(matched, 0),
        });

    /// <summary>
    /// Refuses with a hint: the last entry here that the leader's log could hold as well. Terms only grow along a log, so an entry with a term above
    /// that of the leader's entry at the refused place cannot be in the leader's log up to there; whole terms are skipped at once.
    /// </summary>
    private void RejectAppend(ConsensusMessage message)
    {
        _probes.Reachable("raft.append-rejected");
        ulong hint = _log.LastIndexWithTermAtMost(message.Previous.Index, message.Previous.Term);
        _log.TryGetTerm(hint, out ulong hintTerm);
        Send(new ConsensusMessage
        {
            Kind = MessageKind.AppendResponse,
            From = _options.Self,
            To = message.From,
            Term = Term,
            Rejected = true,
            Previous = new LogPosition(message.Previous.Index, 0),
            HintIndex = hint,
            HintTerm = hintTerm,
        });
    }

    private void OnAppendResponse(ConsensusMessage message, FollowerProgress follower)
    {
        follower.HeardAtTick = _now;
        if (message.Rejected)
        {
            OnAppendRejected(message, follower);
            return;
        }

        ulong matched = message.Previous.Index;
        Invariant.Check(matched <= _log.Last.Index, "a follower acknowledges only entries that its leader holds; this leader lost entries");
        bool advanced = follower.TryAdvance(matched);
        if ((follower.State == FollowerState.Probe && matched == follower.Match) ||
            (follower.State == FollowerState.Snapshot && follower.Match >= _log.Start.Index))
        {
            follower.BecomeReplicate();
        }

        if (advanced)
        {
            AdvanceCommit();
            if (Role != ConsensusRole.Leader)
            {
                return;
            }
        }

        ReplicateTo(follower);
        ContinueTransfer(follower);
    }

    private void OnAppendRejected(ConsensusMessage message, FollowerProgress follower)
    {
        ulong refused = message.Previous.Index;
        bool stale = follower.State switch
        {
            FollowerState.Replicate => refused <= follower.Match,
            FollowerState.Probe => refused <= follower.Match || refused != follower.Next - 1,
            _ => true,
        };
        if (stale)
        {
            return;
        }

        // The same argument from this side: an entry here with a term above the hint's cannot be in the follower's log up to the hint.
        ulong candidate = _log.LastIndexWithTermAtMost(message.HintIndex, message.HintTerm);
        follower.BecomeProbe(Math.Min(candidate + 1, refused));
        ReplicateTo(follower);
    }

    /// <summary>
    /// Commits by counting, and only entries of the own term; older ones are committed with them (3.6.2, figure 3.7). This node counts with what it has
    /// made durable itself.
    /// </summary>
    private void AdvanceCommit()
    {
        int voters = 0;
        for (int i = 0; i < _progress.Length; i++)
        {
            if (_progress[i].IsVoter)
            {
                _voterScratch[voters++] = i == _self ? _log.DurableIndex : _progress[i].Match;
            }
        }

        ulong reached = Quorum.ReachedIndex(_voterScratch);
        if (reached > CommitIndex && _log.TryGetTerm(reached, out ulong term) && term == Term)
        {
            CommitTo(reached);
            ResignIfRemoved();
        }
    }

    private void SendHeartbeats()
    {
        _heartbeatElapsedTicks = 0;
        for (int i = 0; i < _progress.Length; i++)
        {
            if (i == _self)
            {
                continue;
            }

            // A follower may hold a divergent suffix behind Match, which must not be committed.
            FollowerProgress follower = _progress[i];
            Send(new ConsensusMessage
            {
                Kind = MessageKind.Heartbeat,
                From = _options.Self,
                To = follower.Id,
                Term = Term,
                Commit = Math.Min(CommitIndex, follower.Match),
                ReadContext = _reads.OpenRound,
                Stamp = _clock,
            });
        }
    }

    private void OnHeartbeat(ConsensusMessage message)
    {
        CommitTo(message.Commit);
        Send(new ConsensusMessage
        {
            Kind = MessageKind.HeartbeatResponse,
            From = _options.Self,
            To = message.From,
            Term = Term,
            ReadContext = message.ReadContext,
            Stamp = message.Stamp,
        });
    }

    /// <summary>
    /// A heartbeat's answer is also how lost appends are found: an unanswered probe is repeated, and behind unacknowledged appends goes an empty one,
    /// which the follower refuses if they were lost and acknowledges if only their answers were.
    /// </summary>
    private void OnHeartbeatResponse(ConsensusMessage message, int sender)
    {
        FollowerProgress follower = _progress[sender];
        follower.HeardAtTick = _now;
        if (message.Stamp > follower.AnsweredStamp && message.Stamp <= _clock)
        {
            follower.AnsweredStamp = message.Stamp;
        }

        if (follower.IsVoter)
        {
            _reads.Acknowledge(message.ReadContext, sender, _confirmedReads);
        }

        if (follower.State == FollowerState.Probe)
        {
            SendAppend(follower, withEntries: true);
        }
        else if (follower.State == FollowerState.Replicate && follower.Match < follower.Next - 1)
        {
            SendAppend(follower, withEntries: false);
        }

        ContinueTransfer(follower);
    }

    private bool TryGetFollower(NodeId id, [NotNullWhen(true)] out FollowerProgress? follower)
    {
        int slot = SlotOf(id);
        follower = Role == ConsensusRole.Leader && slot >= 0 && slot != _self ? _progress[slot] : null;
        return follower is not null;
    }
}
