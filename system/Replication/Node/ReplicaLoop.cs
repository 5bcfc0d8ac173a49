// The one task that owns the consensus core, the state machine and the pending requests of a node. A turn drains everything that is queued, then does
// what the core has ready: snapshot, log, messages, applying, answers, in that order. Persisting comes before sending and answering, always; batching
// comes from the turn itself, as everything that arrived during one flush shares the next.
//
// Fault model: any failure of log or tree, and any broken invariant, ends the loop: nothing is sent or acknowledged after it.

using SimGraph.Cluster.Consensus;
using SimGraph.Cluster.Discovery;
using SimGraph.Replication.Peers;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Node;

/// <summary>The event loop of a node.</summary>
internal sealed class ReplicaLoop
{
    // Events of one turn: ready work must not wait without bound behind a flood of requests.
    private const int TurnEventsMax = 1024;

    private readonly ReplicaParts _parts;
    private readonly ConsensusCore _core;
    private readonly ReplicatedStateMachine _machine;
    private readonly ReplicaInbox _inbox;
    private readonly IReplicaObserver? _observer;
    private readonly ClientDesk _desk;
    private readonly AcknowledgementDesk _acknowledgements;
    private readonly int _flushEntries;
    private LogPosition _durable;
    private StagedState? _received;
    private ConsensusRole _shownRole;
    private ulong _shownTerm;
    private NodeId? _shownLeader;
    private Membership? _shownMembership;

    public ReplicaLoop(ReplicaParts parts)
    {
        _parts = parts;
        _core = parts.Core;
        _machine = parts.Machine;
        _inbox = parts.Inbox;
        _observer = parts.Observer;
        _acknowledgements = new AcknowledgementDesk(parts);
        _desk = new ClientDesk(parts.Core, parts.Machine, parts.Peers, _acknowledgements);
        _durable = parts.Restored.Applied;
        _flushEntries = parts.Probes.Buggify("repl.early-snapshot") ? Math.Min(parts.Options.FlushEntries, 32) : parts.Options.FlushEntries;
        _shownTerm = parts.Core.Term;
    }

    /// <summary>Runs until the inbox is closed, then answers those who wait.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _observer?.Started(_parts.Restored.Hard, _core.Last, _machine);
        _observer?.LogPersisted(_parts.Restored.Start, _parts.Restored.Entries);
        FollowMembership();
        do
        {
            ObserveClock();
            DrainEvents();
            if (_inbox.TakeTick())
            {
                // A follower that waits for a state applies nothing, and would never hear that it cannot take one.
                _machine.ThrowIfFailed();
                _core.Tick();
                ShowRole();
            }

            TakePeerReports();
            await CutLogAsync(cancellationToken);
            while (_core.HasReady)
            {
                await WorkAsync(_core.TakeReady(), cancellationToken);
            }

            // A read by lease makes nothing ready: it is answered here, or it would wait for the next tick.
            if (_desk.HasConfirmedReads)
            {
                await _desk.AnswerReadsAsync(cancellationToken);
            }

            await AbandonReceivedAsync();
            _desk.ReleaseLostWrites();
            _desk.ReleaseTransfer();
            FlushIfDue();
            _parts.Status.Publish(_core, _machine.AppliedIndex, _durable, _desk.WaitingRequests, _parts.Clock.Elapsed());
        }
        while (await _inbox.WaitAsync(cancellationToken));

        _desk.Close();
    }

    private void DrainEvents()
    {
        bool stopping = _inbox.IsClosed;
        for (int taken = 0; taken < TurnEventsMax && _received is null && _inbox.TryReceive(out ReplicaEvent occurred); taken++)
        {
            switch (occurred.Kind)
            {
                case ReplicaEventKind.Message:
                    // Ready tells by position which snapshot to install, so each is worked off before the next is looked at.
                    _received = occurred.Snapshot;
                    _core.Step(occurred.Message!);
                    ShowRole();
                    break;
                case ReplicaEventKind.Command when !stopping:
                    _desk.Propose(occurred);
                    break;
                case ReplicaEventKind.Query when !stopping:
                    _desk.CollectRead(occurred);
                    break;
                case ReplicaEventKind.Visit when !stopping:
                    occurred.Visit!.Look(_core, _machine);
                    break;
                case ReplicaEventKind.LeaseQuery when !stopping:
                    _desk.CollectLeaseRead(occurred);
                    break;
                case ReplicaEventKind.Administration when !stopping:
                    _desk.Administer(occurred);
                    break;
                case ReplicaEventKind.Wake:
                    break;
                default:
                    ClientDesk.RefuseStopping(occurred);
                    occurred.Visit?.Refuse();
                    break;
            }
        }

        if (_desk.WantsLease)
        {
            // Read after the queries came, or a lease that ran out before could pass for one that holds.
            ObserveClock();
        }

        _desk.SubmitReads();
    }

    private void ObserveClock() =>
        _core.ObserveClock((ulong)(_parts.Clock.Elapsed().Ticks / _parts.Options.TickInterval.Ticks) + 1);

    private void FollowMembership()
    {
        if (ReferenceEquals(_shownMembership, _core.Membership))
        {
            return;
        }

        _shownMembership = _core.Membership;
        _parts.Peers.Follow(_shownMembership);
        ReplicationLog.MembershipChanged(_parts.Logger, _parts.Options.Self, _shownMembership, _core.MembershipIndex);
        _observer?.MembershipChanged(_shownMembership, _core.MembershipIndex);
    }

    private void TakePeerReports()
    {
        foreach (PeerSender sender in _parts.Peers.Senders)
        {
            PeerReport report = sender.TakeReport();
            if (report.SnapshotDelivered is { } delivered)
            {
                _core.ReportSnapshot(sender.Peer, delivered);
            }

            if (report.Unreachable)
            {
                _core.ReportUnreachable(sender.Peer);
            }
        }
    }

    private async Task WorkAsync(Ready ready, CancellationToken cancellationToken)
    {
        if (ready.Snapshot is { } position)
        {
            await InstallAsync(ready, position, cancellationToken);
        }
        else if (ready.Hard is not null || ready.Entries.Count > 0)
        {
            // The cast matters: a bare null would become empty memory, a state that nobody meant.
            ReadOnlyMemory<byte>? state = ready.Hard is { } hard ? hard.Encode() : (ReadOnlyMemory<byte>?)null;
            await _parts.Log.AppendAsync(new LogBatch { State = state, Entries = ready.Entries }, cancellationToken);
            _observer?.LogPersisted(start: null, ready.Entries);
        }

        FollowMembership();
        SendAll(ready.Messages);
        _acknowledgements.OnPersisted(ready.Entries);
        await ApplyAllAsync(ready.Committed, cancellationToken);
        _desk.OnReads(ready);
        await _desk.AnswerReadsAsync(cancellationToken);
        _core.Advance(ready);
        ShowRole();
    }

    // The term before the state: a crash in between must not leave a state of a term that this node has not heard of. The log's start last: recovery finds a
    // state that is newer than the log, and cuts the log itself.
    private async Task InstallAsync(Ready ready, LogPosition position, CancellationToken cancellationToken)
    {
        Invariant.Check(_received is not null && _received.Position == position, "a snapshot to install is the one that was received last");
        StagedState staged = _received;
        if (ready.Hard is { } hard)
        {
            await _parts.Log.AppendAsync(new LogBatch { State = hard.Encode() }, cancellationToken);
        }

        await _parts.Flusher.SettleAsync();
        await _machine.InstallAsync(staged, cancellationToken);
        _received = null;
        await _parts.Log.AppendAsync(new LogBatch { Start = position, Entries = ready.Entries }, cancellationToken);
        await _parts.Log.TruncatePrefixAsync(position.Index, cancellationToken);
        _observer?.LogPersisted(position, ready.Entries);
        _durable = position;
        _parts.Probes.Reachable("repl.snapshot-installed");
        Invariant.Check(
            _machine.Membership is null || _core.MembershipIndex > position.Index || _machine.Membership.Equals(_core.Membership),
            "an installed state holds the membership that was announced for it");
        ReplicationLog.SnapshotInstalled(_parts.Logger, position.Index, staged.Length);
        _observer?.SnapshotInstalled(position, _machine);
    }

    // The core had no use for it.
    private async Task AbandonReceivedAsync()
    {
        if (_received is { } refused)
        {
            _received = null;
            await refused.AbandonAsync();
        }
    }

    private void SendAll(IReadOnlyList<ConsensusMessage> messages)
    {
        for (int i = 0; i < messages.Count; i++)
        {
            ConsensusMessage message = messages[i];
            if (_parts.Peers.SenderTo(message.To) is not { } sender)
            {
                // A stranger of whom nobody said where it is, or this node stops: lost, as messages may be.
                continue;
            }

            if (message.Kind == MessageKind.InstallSnapshot)
            {
                SendSnapshot(sender, message);
            }
            else
            {
                sender.Send(message);
            }
        }
    }

    private void SendSnapshot(PeerSender sender, ConsensusMessage message)
    {
        if (sender.TryResumeSnapshot(message))
        {
            return;
        }

        FrozenState state = _machine.Freeze();
        Invariant.Check(state.Position.Index >= message.Snapshot.Index, "the log is cut only where the applied state covers it");
        sender.SendSnapshot(message, state);
    }

    private async ValueTask ApplyAllAsync(IReadOnlyList<LogEntry> committed, CancellationToken cancellationToken)
    {
        for (int i = 0; i < committed.Count; i++)
        {
            LogEntry entry = committed[i];
            Invariant.Check(entry.Index == _machine.AppliedIndex + 1, "entries are applied in order, each once");
            _observer?.Committed(entry);
            ReadOnlyMemory<byte> result = await _machine.ApplyAsync(entry, cancellationToken);
            _observer?.Applied(entry, _machine);
            _desk.OnApplied(entry, result);
        }
    }

    private void ShowRole()
    {
        if (_core.Role == _shownRole && _core.Term == _shownTerm && _core.Leader == _shownLeader)
        {
            return;
        }

        _shownRole = _core.Role;
        _shownTerm = _core.Term;
        _shownLeader = _core.Leader;
        ReplicationLog.RoleChanged(_parts.Logger, _parts.Options.Self, _shownRole, _shownTerm, _shownLeader);
        _observer?.RoleChanged(_shownRole, _shownTerm, _shownLeader);
        _parts.Discovery?.UpdateSelf(AnnouncedRole(_shownRole), _shownTerm, _core.Membership.Find(_parts.Options.Self)?.Priority ?? 0);
    }

    private static MemberRole AnnouncedRole(ConsensusRole role) => role switch
    {
        ConsensusRole.Leader => MemberRole.Primary,
        ConsensusRole.Follower => MemberRole.Replica,
        _ => MemberRole.Candidate,
    };

    private void FlushIfDue()
    {
        ulong last = Math.Max(_durable.Index, _parts.Flusher.LastAttempt);
        if (!_parts.Flusher.IsBusy && _machine.AppliedIndex >= last + (ulong)_flushEntries)
        {
            _parts.Flusher.Begin();
        }
    }

    // The log is cut at the flush before the one just made: the entries between the two let a slow follower catch up without a snapshot.
    private async Task CutLogAsync(CancellationToken cancellationToken)
    {
        if (_parts.Flusher.TakeFlushed() is not { } flushed || flushed.Index <= _durable.Index)
        {
            return;
        }

        LogPosition cut = _parts.Probes.Buggify("repl.cut-log-at-snapshot") ? flushed : _durable;
        _durable = flushed;
        _observer?.StateFlushed(flushed);
        if (cut.Index > 0)
        {
            await _parts.Log.AppendAsync(new LogBatch { Start = cut }, cancellationToken);
            _core.CompactTo(cut);
            await _parts.Log.TruncatePrefixAsync(cut.Index, cancellationToken);
        }
    }
}
