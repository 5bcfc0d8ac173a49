// The Raft core: messages and ticks in, a Ready out. No I/O, no tasks, no clock, no logging; a function of its inputs and of the election jitter.
// Source: D. Ongaro, "Consensus: Bridging Theory and Practice" (2014), chapters 3 (election, replication), 5 (snapshots), 6.4 (reads),
// 9.6 (pre-vote), 4.2.3 / 6.2 (leader stickiness, a leader that loses its quorum steps down), 4 (membership), 3.10 (leadership transfer) and 6.4.1 (leases).
// The split into Tick, Step and Ready follows etcd. docs/consensus.md has the safety arguments.
//
// Obligations of the owner:
//   - One thread at a time. Take and Advance alternate; Step, Tick, TryPropose, TryRequestRead may come between them.
//   - The order that Ready states: durable first, then send. A crash is the loss of the core; restart from what was durable.
//   - Messages may be lost, late, repeated and reordered. They must come from the member that they name, and unharmed.
//   - InstallSnapshot is stepped only when its bytes are held whole. Ready.Snapshot then says whether they are to be installed: with no
//     Ready.Snapshot for that position the snapshot was not needed. When several were stepped, Ready.Snapshot names the newest that counts.
//   - On an outgoing InstallSnapshot the owner sends its newest snapshot (not older than the message's position), sets Snapshot to that position and
//     SnapshotMembership to the membership as of it, and reports the fate with ReportSnapshot; until then the follower gets heartbeats only.
//   - The membership of the newest applied Membership entry is kept with the state and comes back in ConsensusState.Membership.
//   - For leases: ObserveClock says what the owner's monotonic clock shows, at least before each Tick and right before TryLeaseRead.
//   - CompactTo should leave a tail of entries behind the newest snapshot, or a slow follower needs one snapshot after the other.
//
// Durability (dissertation 3.8): whatever is promised in Ready.Messages is in Hard, Entries and Snapshot of the same or an earlier Ready, because
// each Ready takes all of them at once. The node's own vote and its own entries count only after the Advance that confirms them.
//
// InvariantViolationException out of any member means that this node or a peer broke the protocol (a disk that lost acknowledged writes, two machines
// with one id): stop the process.

using SimGraph.Runtime;
using SimGraph.Runtime.Probes;
using SimGraph.Storage.Log;

namespace SimGraph.Cluster.Consensus;

/// <summary>One member of a Raft group, without its disk, network and clock. Not thread-safe.</summary>
public sealed partial class ConsensusCore
{
    // Messages beyond this are dropped, as a network may: only an owner that steps on without taking what is ready gets here.
    private const int OutboxMax = 8192;
    private const int CommittedPerReadyMax = 1024;

    // What an entry costs besides its payload, so that empty proposals are bounded too.
    private const int EntryOverheadBytes = 48;

    private readonly ConsensusOptions _options;
    private readonly Random _electionJitter;
    private readonly IProbes _probes;
    private readonly ConsensusLog _log;
    private readonly VoteTally _votes = new();
    private readonly ReadRounds _reads = new();
    private readonly Ready _ready = new();
    private readonly List<ReadConfirmation> _confirmedReads = [];
    private readonly List<ulong> _failedReads = [];
    private List<ConsensusMessage> _outbox = [];

    private HardState _hard;
    private HardState _hardHandedOut;
    private ulong _committedHandedOut;
    private LogPosition? _snapshotToInstall;
    private bool _readyIsOut;
    private ulong _now;

    /// <param name="options">Shape and limits; validated here.</param>
    /// <param name="restored">What the owner recovered from its disk.</param>
    /// <param name="electionJitter">Draws the election timeouts.</param>
    /// <param name="probes">Told of interesting facts.</param>
    public ConsensusCore(ConsensusOptions options, ConsensusState restored, Random electionJitter, IProbes probes)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(restored);
        ArgumentNullException.ThrowIfNull(electionJitter);
        ArgumentNullException.ThrowIfNull(probes);
        options.Validate();
        _options = options;
        _electionJitter = electionJitter;
        _probes = probes;
        _log = new ConsensusLog(restored.Start, restored.Entries);
        LogPosition applied = restored.Applied.Index > restored.Start.Index ? restored.Applied : restored.Start;
        Invariant.Check(_log.Holds(applied), "the log holds what the state machine applied last");
        CommitIndex = applied.Index;
        _committedHandedOut = applied.Index;
        _hard = restored.Hard;
        _hardHandedOut = restored.Hard;

        // A crash between the installation of a snapshot and the write of the term that came with it leaves the term behind the log.
        // Raising it, with no vote given, is what any message of that term would have done.
        if (_hard.Term < _log.Last.Term)
        {
            _hard = new HardState(_log.Last.Term, null);
        }

        RestoreMembership(restored, applied);
        RestartElectionTimer();

        // What this node promised to a leader before it stopped is not on the disk: it keeps the longest promise that it can have made (6.4.1).
        _stickyUntilTick = options.LeaseDriftBound is not null && _hard.Term > 0 ? (ulong)options.ElectionTimeoutTicks : 0;
    }

    /// <summary>The leader of this term, as far as this node knows.</summary>
    public NodeId? Leader { get; private set; }

    /// <summary>What this node is.</summary>
    public ConsensusRole Role { get; private set; }

    /// <summary>The newest term that this node has seen.</summary>
    public ulong Term => _hard.Term;

    /// <summary>Highest index known to be committed. After a restart it begins at what is applied.</summary>
    public ulong CommitIndex { get; private set; }

    /// <summary>The log holds the entries behind this position.</summary>
    public LogPosition Start => _log.Start;

    /// <summary>The last entry of the log, durable or not.</summary>
    public LogPosition Last => _log.Last;

    /// <summary>True when <see cref="TakeReady"/> has something to hand out; false between Take and Advance.</summary>
    public bool HasReady =>
        !_readyIsOut &&
        (_log.HasUnwritten
            || _outbox.Count > 0
            || _hard != _hardHandedOut
            || _committedHandedOut < Math.Min(CommitIndex, _log.DurableIndex)
            || _confirmedReads.Count > 0
            || _failedReads.Count > 0
            || _snapshotToInstall is not null
            || CanBeginReadRound);

    /// <summary>Hands out everything that is to be done; <see cref="Advance"/> must follow before the next call.</summary>
    public Ready TakeReady()
    {
        Invariant.Check(!_readyIsOut, "Advance follows each TakeReady");
        _readyIsOut = true;
        if (Role == ConsensusRole.Leader)
        {
            // Proposals are sent here and not one by one, so that what was proposed since the last Ready travels together.
            ReplicateToAll();
            BeginReadRound();
        }

        Ready ready = _ready;
        if (_hard != _hardHandedOut)
        {
            ready.Hard = _hard;
            _hardHandedOut = _hard;
        }

        ready.Snapshot = _snapshotToInstall;
        _snapshotToInstall = null;
        HandOutCommitted(ready.CommittedList);
        _log.HandOutUnwritten(ready.EntryList);
        (ready.MessageList, _outbox) = (_outbox, ready.MessageList);
        ready.ReadList.AddRange(_confirmedReads);
        _confirmedReads.Clear();
        ready.FailedReadList.AddRange(_failedReads);
        _failedReads.Clear();
        return ready;
    }

    /// <summary>Says that everything in <paramref name="ready"/> was done.</summary>
    public void Advance(Ready ready)
    {
        Invariant.Check(_readyIsOut && ReferenceEquals(ready, _ready), "Advance gets the Ready that was taken");
        _readyIsOut = false;
        HardState? durable = ready.Hard;
        ready.Clear();
        _log.MarkHandedOutDurable();
        if (durable is { } hard)
        {
            CountOwnVote(hard);
        }

        if (Role == ConsensusRole.Leader)
        {
            AdvanceCommit();
        }
    }

    /// <summary>Time passes: elections, heartbeats and the leader's check of its quorum happen here.</summary>
    public void Tick()
    {
        _now++;
        if (Role == ConsensusRole.Leader)
        {
            TickLeader();
        }
        else
        {
            TickElection();
        }
    }

    /// <summary>
    /// Takes a message in. Those for others are ignored, and answers of strangers; but a stranger may lead or ask for a vote: it may know of a membership that
    /// this node does not know yet (4.1).
    /// </summary>
    public void Step(ConsensusMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        int sender = SlotOf(message.From);
        if (message.From == _options.Self || message.To != _options.Self || (sender < 0 && IsAnswer(message.Kind)))
        {
            return;
        }

        if (message.Term < Term)
        {
            AnswerStaleTerm(message);
            return;
        }

        if (message.Term > Term && !TryEnterTermOf(message))
        {
            return;
        }

        switch (message.Kind)
        {
            case MessageKind.PreVoteRequest:
                OnPreVoteRequest(message);
                break;
            case MessageKind.VoteRequest:
                OnVoteRequest(message);
                break;
            case MessageKind.PreVoteResponse:
            case MessageKind.VoteResponse:
                OnVoteResponse(message, sender);
                break;
            case MessageKind.AppendRequest:
                FollowLeader(message.From);
                OnAppendRequest(message);
                break;
            case MessageKind.Heartbeat:
                FollowLeader(message.From);
                OnHeartbeat(message);
                break;
            case MessageKind.InstallSnapshot:
                FollowLeader(message.From);
                OnInstallSnapshot(message);
                break;
            case MessageKind.TimeoutNow:
                FollowLeader(message.From);
                OnTimeoutNow();
                break;
            case MessageKind.AppendResponse when Role == ConsensusRole.Leader:
                OnAppendResponse(message, _progress[sender]);
                break;
            case MessageKind.HeartbeatResponse when Role == ConsensusRole.Leader:
                OnHeartbeatResponse(message, sender);
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// Raises the term to that of a message from a newer one (dissertation 3.3), where that is due. False when the message is thereby done with.
    /// </summary>
    private bool TryEnterTermOf(ConsensusMessage message)
    {
        switch (message.Kind)
        {
            // A question about a future term, and a promise for one, change no term (9.6).
            case MessageKind.PreVoteRequest:
            case MessageKind.PreVoteResponse when !message.Rejected:
                return true;

            // A live leader is not disturbed (4.2.3): without this, a node that cannot hear the leader, but is heard, ends one term after the other.
            case MessageKind.VoteRequest when HearsLiveLeader && !message.Transfer:
                _probes.Reachable("raft.vote-request-ignored");
                return false;

            default:
                BecomeFollower(message.Term);
                return true;
        }
    }

    /// <summary>
    /// Tells the sender of a past term about the present one. Leaders must learn of it, or a node that is ahead of its leader could never rejoin:
    /// it ignores the leader, and the live leader's followers ignore it.
    /// </summary>
    private void AnswerStaleTerm(ConsensusMessage message)
    {
        _probes.Reachable("raft.stale-term-message");
        switch (message.Kind)
        {
            case MessageKind.AppendRequest:
            case MessageKind.Heartbeat:
            case MessageKind.InstallSnapshot:
            case MessageKind.TimeoutNow:
                Send(new ConsensusMessage { Kind = MessageKind.AppendResponse, From = _options.Self, To = message.From, Term = Term, Rejected = true });
                break;
            case MessageKind.VoteRequest:
                SendVote(MessageKind.VoteResponse, message.From, Term, granted: false);
                break;
            case MessageKind.PreVoteRequest:
                SendVote(MessageKind.PreVoteResponse, message.From, Term, granted: false);
                break;
            default:
                break;
        }
    }

    private void BecomeFollower(ulong term)
    {
        if (term > Term)
        {
            _hard = new HardState(term, null);
        }

        if (Role == ConsensusRole.Leader)
        {
            _reads.Drop(_failedReads);
            _transferTarget = null;
        }

        if (Role != ConsensusRole.Follower)
        {
            RestartElectionTimer();
        }

        Role = ConsensusRole.Follower;
        Leader = null;
    }

    private void FollowLeader(NodeId leader)
    {
        // Election safety (3.4): a second leader in one term means that somebody voted twice.
        Invariant.Check(Role != ConsensusRole.Leader, "a term has at most one leader");
        Invariant.Check(Leader is null || Leader == leader, "a term has at most one leader");
        if (Role != ConsensusRole.Follower)
        {
            BecomeFollower(Term);
        }

        if (Leader is null)
        {
            // Drawn anew for each leader. Who draws a short timeout campaigns, leads and is lost; if the others kept theirs, long ones would gather, and failovers get slower.
            RestartElectionTimer();
        }

        Leader = leader;
        _electionElapsedTicks = 0;
        _splitVotes = 0;
        _stickyUntilTick = _now + (ulong)_options.ElectionTimeoutTicks;
    }

    private void HandOutCommitted(List<LogEntry> target)
    {
        ulong last = Math.Min(CommitIndex, _log.DurableIndex);
        while (_committedHandedOut < last && target.Count < CommittedPerReadyMax)
        {
            _committedHandedOut++;
            target.Add(_log[_committedHandedOut]);
        }
    }

    private void CommitTo(ulong index)
    {
        if (index <= CommitIndex)
        {
            return;
        }

        Invariant.Check(index <= _log.Last.Index, "only entries that the log holds are committed; this node lost acknowledged entries");
        if (Role == ConsensusRole.Leader)
        {
            for (ulong i = CommitIndex + 1; i <= index; i++)
            {
                _uncommittedBytes -= CostBytes(_log[i]);
            }
        }

        CommitIndex = index;
        ForgetFormerMemberships();
    }

    private void Send(ConsensusMessage message)
    {
        if (_outbox.Count >= OutboxMax)
        {
            _probes.Reachable("raft.outbox-full");
            return;
        }

        _outbox.Add(message);
    }

    private static bool IsAnswer(MessageKind kind) =>
        kind is MessageKind.PreVoteResponse or MessageKind.VoteResponse or MessageKind.AppendResponse or MessageKind.HeartbeatResponse;

    private static long CostBytes(LogEntry entry) => entry.Payload.Length + EntryOverheadBytes;
}
