using System.Collections.Immutable;
using SimGraph.Cluster.Consensus;
using SimGraph.Runtime;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Tests.Cluster;

/// <summary>Rules that one member keeps, whatever its peers and the network do; stepped by hand.</summary>
public sealed class ConsensusCoreTests
{
    private static readonly NodeId One = new(1);
    private static readonly NodeId Two = new(2);
    private static readonly NodeId Three = new(3);

    [Fact]
    public void A_follower_commits_no_further_than_it_is_known_to_match()
    {
        // Its entries 3 and 4 are not the leader's; the short append says nothing about them.
        ConsensusCore core = Create(Log(1, 1, 2, 2));
        core.Step(From(Two, MessageKind.AppendRequest, 3) with { Previous = new LogPosition(1, 1), Entries = Log(1, 1)[1..], Commit = 4 });
        Assert.Equal(2ul, core.CommitIndex);
        Assert.Equal(new LogPosition(4, 2), core.Last);
    }

    [Fact]
    public void An_old_append_does_not_shorten_the_log()
    {
        ConsensusCore core = Create(Log(1, 1, 1));
        core.Step(From(Two, MessageKind.AppendRequest, 1) with { Previous = new LogPosition(1, 1), Entries = Log(1, 1)[1..] });
        Assert.Equal(new LogPosition(3, 1), core.Last);
    }

    [Fact]
    public void A_read_is_not_confirmed_by_answers_to_earlier_rounds_or_by_repetitions()
    {
        ConsensusCore core = Leader(5, out CountingProbes _);
        Assert.True(core.TryRequestRead(10));
        Run(core);
        Answer(core, Two, round: 1);
        Answer(core, Three, round: 1);
        Assert.Equal([new ReadConfirmation(10, core.CommitIndex)], Run(core).Reads);

        Assert.True(core.TryRequestRead(11));
        Run(core);
        Answer(core, Two, round: 1);
        Answer(core, Three, round: 1);
        Answer(core, Two, round: 0);
        Answer(core, Three, round: 0);
        Answer(core, Two, round: 2);
        Answer(core, Two, round: 2);
        Assert.Empty(Run(core).Reads);
        Answer(core, Three, round: 2);
        Assert.Equal([new ReadConfirmation(11, core.CommitIndex)], Run(core).Reads);
    }

    [Fact]
    public void Votes_of_an_earlier_term_elect_nobody()
    {
        ConsensusCore core = Create([], voters: 5);
        Campaign(core);
        Run(core);
        Assert.Equal(ConsensusRole.Candidate, core.Role);
        core.Step(From(Two, MessageKind.VoteResponse, 1));
        Campaign(core);
        Run(core);
        Assert.Equal((ConsensusRole.Candidate, 2ul), (core.Role, core.Term));

        // Late answers of term 1, and pre-votes for term 2, are no votes in term 2.
        core.Step(From(Three, MessageKind.VoteResponse, 1));
        core.Step(From(new NodeId(4), MessageKind.VoteResponse, 1));
        core.Step(From(Three, MessageKind.PreVoteResponse, 2));
        core.Step(From(new NodeId(4), MessageKind.PreVoteResponse, 2));
        core.Step(From(Two, MessageKind.VoteResponse, 2));
        core.Step(From(Two, MessageKind.VoteResponse, 2));
        Assert.Equal(ConsensusRole.Candidate, core.Role);
        core.Step(From(Three, MessageKind.VoteResponse, 2));
        Assert.Equal(ConsensusRole.Leader, core.Role);
    }

    [Fact]
    public void The_own_vote_and_the_own_entries_count_once_they_are_durable()
    {
        ConsensusCore core = Create([], voters: 1);
        core.Tick();
        Ready vote = core.TakeReady();
        Assert.Equal(new HardState(1, One), vote.Hard);
        Assert.Equal(ConsensusRole.Candidate, core.Role);
        for (int i = 0; i < 100; i++)
        {
            core.Tick();
        }

        core.Advance(vote);
        Assert.Equal((ConsensusRole.Leader, 1ul), (core.Role, core.Term));
        Ready entry = core.TakeReady();
        Assert.Single(entry.Entries);
        Assert.Equal(0ul, core.CommitIndex);
        core.Advance(entry);
        Assert.Equal(1ul, core.CommitIndex);
    }

    [Fact]
    public void What_was_truncated_while_it_was_written_does_not_count_as_durable()
    {
        ConsensusCore core = Create(Log(1));
        core.Step(From(Two, MessageKind.AppendRequest, 2) with { Previous = new LogPosition(1, 1), Entries = Log(1, 2, 2)[1..] });
        Ready writing = core.TakeReady();
        Assert.Equal(2, writing.Entries.Count);
        core.Step(From(Three, MessageKind.AppendRequest, 3) with { Previous = new LogPosition(1, 1), Entries = Log(1, 3, 3)[1..], Commit = 3 });
        core.Advance(writing);
        Ready next = core.TakeReady();
        Assert.Equal([1ul], next.Committed.Select(e => e.Index));
        Assert.Equal([(2ul, 3ul), (3ul, 3ul)], next.Entries.Select(e => (e.Index, e.Term)));
        core.Advance(next);
        Assert.Equal([(2ul, 3ul), (3ul, 3ul)], core.TakeReady().Committed.Select(e => (e.Index, e.Term)));
    }

    [Fact]
    public void A_committed_entry_is_never_replaced()
    {
        ConsensusCore core = Create(Log(1, 1));
        core.Step(From(Two, MessageKind.Heartbeat, 1) with { Commit = 2 });
        Assert.Throws<InvariantViolationException>(() =>
            core.Step(From(Three, MessageKind.AppendRequest, 2) with { Previous = new LogPosition(1, 1), Entries = Log(1, 2)[1..] }));
    }

    [Fact]
    public void Answers_of_strangers_and_misdirected_messages_are_ignored()
    {
        ConsensusCore core = Create([]);
        core.Step(From(new NodeId(9), MessageKind.HeartbeatResponse, 7));
        core.Step(From(new NodeId(9), MessageKind.AppendResponse, 7));
        core.Step(From(new NodeId(9), MessageKind.VoteResponse, 7));
        core.Step(From(new NodeId(9), MessageKind.PreVoteResponse, 7));
        core.Step(From(One, MessageKind.Heartbeat, 7));
        core.Step(new ConsensusMessage { Kind = MessageKind.Heartbeat, From = Two, To = Three, Term = 7 });
        Assert.Equal(0ul, core.Term);
        Assert.False(core.HasReady);
    }

    [Fact]
    public void A_term_behind_the_restored_log_is_raised_without_a_vote()
    {
        ConsensusCore core = new(
            Options(3), new ConsensusState { Hard = new HardState(3, Two), Start = new LogPosition(9, 5) }, new ScriptedJitter(0), new CountingProbes(() => false));
        Assert.Equal((5ul, 9ul), (core.Term, core.CommitIndex));
        Assert.Equal(new HardState(5, null), core.TakeReady().Hard);
    }

    [Fact]
    public void The_window_bounds_appends_in_flight_and_acknowledgements_open_it()
    {
        ConsensusCore core = Leader(3, out CountingProbes probes);
        int sent = 0;
        for (int i = 0; i < 10; i++)
        {
            Assert.True(core.TryPropose(LogEntryKind.Command, new byte[1], out LogPosition _));
            sent += Run(core).Messages.Count(m => m.To == Two && m.Entries.Count > 0);
        }

        Assert.Equal(Options(3).InflightAppendsMax, sent);
        Assert.True(probes.Hits.ContainsKey("raft.appends-pipelined"));
        core.Step(From(Two, MessageKind.AppendResponse, core.Term) with { Previous = new LogPosition(3, 0) });
        Taken next = Run(core);
        Assert.Contains(next.Messages, m => m.To == Two && m.Entries.Count > 0);
    }

    [Fact]
    public void An_append_keeps_to_its_limits_but_always_carries_an_entry()
    {
        ConsensusCore core = Leader(3, out CountingProbes _);
        foreach (int size in (int[])[10, 10, 200, 10])
        {
            Assert.True(core.TryPropose(LogEntryKind.Command, new byte[size], out LogPosition _));
        }

        // Limits of 64 bytes and 3 entries.
        Assert.Equal([2, 1, 1], Run(core).Messages.Where(m => m.To == Two).Select(m => m.Entries.Count));
    }

    [Fact]
    public void Proposals_and_reads_are_refused_at_their_limits_and_admitted_again()
    {
        ConsensusCore core = Leader(3, out CountingProbes _);
        int accepted = 0;
        while (accepted < 100 && core.TryPropose(LogEntryKind.Command, ReadOnlyMemory<byte>.Empty, out LogPosition _))
        {
            accepted++;
        }

        Assert.InRange(accepted, 5, 50);
        Run(core);
        core.Step(From(Two, MessageKind.AppendResponse, core.Term) with { Previous = new LogPosition(core.Last.Index, 0) });
        Assert.Equal(core.Last.Index, core.CommitIndex);
        Assert.True(core.TryPropose(LogEntryKind.Command, ReadOnlyMemory<byte>.Empty, out LogPosition _));

        ulong reads = 0;
        while (reads < 100 && core.TryRequestRead(reads))
        {
            reads++;
        }

        Assert.Equal((ulong)Options(3).PendingReadsMax, reads);
    }

    [Fact]
    public void A_core_that_nobody_empties_stays_bounded()
    {
        ConsensusCore core = Leader(3, out CountingProbes probes);
        for (int i = 0; i < 20_000; i++)
        {
            core.Tick();
            Answer(core, Two, 0);
        }

        Assert.True(probes.Hits.ContainsKey("raft.outbox-full"));
        Assert.InRange(Run(core).Messages.Length, 1, 10_000);
    }

    [Fact]
    public void Take_and_advance_alternate()
    {
        ConsensusCore core = Create([]);
        Campaign(core);
        Ready ready = core.TakeReady();
        Assert.False(core.HasReady);
        Assert.Throws<InvariantViolationException>(() => core.TakeReady());
        core.Advance(ready);
        Assert.Throws<InvariantViolationException>(() => core.Advance(ready));
    }

    [Fact]
    public void Only_applied_positions_are_compacted()
    {
        ConsensusCore core = Create(Log(1, 1, 1));
        Assert.Throws<InvariantViolationException>(() => core.CompactTo(new LogPosition(2, 1)));
        core.Step(From(Two, MessageKind.Heartbeat, 1) with { Commit = 2 });
        Run(core);
        Assert.Throws<InvariantViolationException>(() => core.CompactTo(new LogPosition(2, 9)));
        core.CompactTo(new LogPosition(2, 1));
        core.CompactTo(new LogPosition(1, 1));
        Assert.Equal(new LogPosition(3, 1), core.Last);
    }

    [Fact]
    public void Hard_state_survives_its_encoding_and_garbage_is_refused()
    {
        foreach (HardState state in (HardState[])[default, new(7, null), new(ulong.MaxValue, new NodeId(int.MaxValue))])
        {
            Assert.Equal(state, HardState.Decode(state.Encode()));
        }

        Assert.Throws<FormatException>(() => HardState.Decode([]));
        Assert.Throws<FormatException>(() => HardState.Decode(new byte[HardState.EncodedBytes]));
        byte[] negative = new HardState(1, Two).Encode();
        negative[^1] = 0xFF;
        Assert.Throws<FormatException>(() => HardState.Decode(negative));
    }

    [Fact]
    public void Options_that_contradict_themselves_are_refused()
    {
        Options(3).Validate();
        foreach (ConsensusOptions options in (ConsensusOptions[])
            [
                Options(3) with { Self = new NodeId(4) },
                Options(3) with { Self = new NodeId(0) },
                Options(3) with { Members = new Membership([], [new Member(One, string.Empty)]) },
                Options(3) with { LeaseDriftBound = -0.1 },
                Options(3) with { LeaseDriftBound = double.NaN },
                Options(3) with { ElectionBackoffDoublingsMax = -1 },
                Options(3) with { HeartbeatTicks = 10 },
                Options(3) with { HeartbeatTicks = 0 },
                Options(3) with { AppendEntriesMax = 0 },
                Options(3) with { AppendBytesMax = 0 },
                Options(3) with { InflightAppendsMax = 0 },
                Options(3) with { UncommittedBytesMax = 0 },
                Options(3) with { PendingReadsMax = 0 },
            ])
        {
            Assert.Throws<ArgumentException>(options.Validate);
        }
    }

    [Fact]
    public void Elections_that_end_without_a_leader_widen_the_jitter_up_to_a_bound()
    {
        RecordingJitter jitter = new();
        ConsensusCore core = new(Options(3), new ConsensusState(), jitter, new CountingProbes(() => false));
        for (int election = 0; election < 5; election++)
        {
            while (core.Role != ConsensusRole.PreCandidate)
            {
                core.Tick();
            }

            core.Step(From(Two, MessageKind.PreVoteResponse, core.Term + 1));
            Run(core);
            Assert.Equal(ConsensusRole.Candidate, core.Role);
            if (election % 2 == 0)
            {
                core.Step(From(Two, MessageKind.VoteResponse, core.Term) with { Rejected = true });
                core.Step(From(Three, MessageKind.VoteResponse, core.Term) with { Rejected = true });
                Assert.Equal(ConsensusRole.Follower, core.Role);
            }
        }

        Assert.Equal([10, 20, 40], jitter.Bounds.Distinct());

        // A leader that is heard ends it.
        core.Step(From(Two, MessageKind.Heartbeat, core.Term + 1));
        while (core.Role != ConsensusRole.PreCandidate)
        {
            core.Tick();
        }

        Assert.Equal(10, jitter.Bounds[^1]);
    }

    [Fact]
    public void What_is_not_committed_may_be_as_large_as_the_limit_and_no_larger()
    {
        // An entry costs 48 bytes besides its payload.
        foreach ((int second, bool fits) in ((int, bool)[])[(204, true), (205, false)])
        {
            ConsensusCore core = Leader(3, out CountingProbes _);
            Assert.True(core.TryPropose(LogEntryKind.Command, new byte[700], out _));
            Assert.Equal(fits, core.TryPropose(LogEntryKind.Command, new byte[second], out _));
        }
    }

    [Fact]
    public void A_membership_is_not_proposed_like_a_command()
    {
        ConsensusCore core = Leader(3, out CountingProbes _);
        Assert.Throws<ArgumentOutOfRangeException>(() => core.TryPropose(LogEntryKind.Membership, Membership.OfVoters(One).Encode(), out _));
    }

    private static ConsensusOptions Options(int voters) => new()
    {
        Self = One,
        Members = Membership.OfVoters(Enumerable.Range(1, voters).Select(i => new NodeId(i)).Reverse()),
        AppendEntriesMax = 3,
        AppendBytesMax = 64,
        InflightAppendsMax = 4,
        UncommittedBytesMax = 1000,
        PendingReadsMax = 6,
    };

    private static ConsensusCore Create(LogEntry[] log, int voters = 3, CountingProbes? probes = null) => new(
        Options(voters),
        new ConsensusState { Hard = new HardState(log.Length == 0 ? 0 : log[^1].Term, null), Entries = log },
        new ScriptedJitter(0),
        probes ?? new CountingProbes(() => false));

    private static LogEntry[] Log(params ulong[] terms) =>
        [.. terms.Select((term, i) => new LogEntry((ulong)i + 1, term, LogEntryKind.Command, ReadOnlyMemory<byte>.Empty))];

    /// <summary>Ticks until the core campaigns and grants it the pre-vote of everyone, so that it is a candidate.</summary>
    private static void Campaign(ConsensusCore core)
    {
        for (int i = 0; i < 10; i++)
        {
            core.Tick();
        }

        core.Step(From(Two, MessageKind.PreVoteResponse, core.Term + 1));
        core.Step(From(Three, MessageKind.PreVoteResponse, core.Term + 1));
    }

    /// <summary>A leader whose empty entry is committed, with follower 2 replicating.</summary>
    private static ConsensusCore Leader(int voters, out CountingProbes probes)
    {
        probes = new CountingProbes(() => false);
        ConsensusCore core = Create([], voters, probes);
        Campaign(core);
        Run(core);
        foreach (NodeId voter in (NodeId[])[Two, Three])
        {
            core.Step(From(voter, MessageKind.VoteResponse, 1));
        }

        Run(core);
        foreach (NodeId voter in (NodeId[])[Two, Three])
        {
            core.Step(From(voter, MessageKind.AppendResponse, 1) with { Previous = new LogPosition(1, 0) });
        }

        Run(core);
        Run(core);
        Assert.Equal((ConsensusRole.Leader, 1ul), (core.Role, core.CommitIndex));
        return core;
    }

    /// <summary>Does what one Ready asks; a copy of it is what is returned.</summary>
    private static Taken Run(ConsensusCore core)
    {
        Ready ready = core.TakeReady();
        Taken taken = new([.. ready.Messages], [.. ready.Reads]);
        core.Advance(ready);
        return taken;
    }

    private static void Answer(ConsensusCore core, NodeId from, ulong round) =>
        core.Step(From(from, MessageKind.HeartbeatResponse, core.Term) with { ReadContext = round });

    private static Draft From(NodeId from, MessageKind kind, ulong term) => new(from, kind, term);

    private sealed record Taken(ImmutableArray<ConsensusMessage> Messages, ImmutableArray<ReadConfirmation> Reads);

    /// <summary>A message to node 1 that is still being written.</summary>
    private sealed record Draft(NodeId From, MessageKind Kind, ulong Term)
    {
        public LogPosition Previous { get; init; }

        public LogEntry[] Entries { get; init; } = [];

        public ulong Commit { get; init; }

        public ulong ReadContext { get; init; }

        public bool Rejected { get; init; }

        public static implicit operator ConsensusMessage(Draft draft) => new()
        {
            Kind = draft.Kind,
            From = draft.From,
            To = One,
            Term = draft.Term,
            Previous = draft.Previous,
            Entries = draft.Entries,
            Commit = draft.Commit,
            ReadContext = draft.ReadContext,
            Rejected = draft.Rejected,
        };
    }
}
