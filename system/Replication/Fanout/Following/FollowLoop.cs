// The one task that owns a read replica's state. Entries are numbered: the next one is applied, one that was applied is skipped, one from further on shows a hole.
// A hole is filled by asking for it; entries behind it wait, within limits. What cannot be applied is never passed over, so the applied index is the
// truth about what the state holds, and that is what is reported.
//
// Both sockets must be heard from. A SUB only receives, so a connection whose other end is gone without a word would stay silent for ever, while the DEALER beside
// it is well; beats make that visible. When either is silent the next member is followed; its time begins anew with the link, so a silence from before
// never ends a young link (no flapping). A SUB that binds is left to its publishers, which notice by their own beats and connect again.
//
// Fault model: any failure of the tree, and any broken invariant, ends the replica. Anything wrong from outside costs a counter.

using Microsoft.Extensions.Logging;
using SimGraph.Replication.Fanout.Health;
using SimGraph.Replication.Fanout.Wire;
using SimGraph.Replication.StateMachine;
using SimGraph.Replication.Wire;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Fanout.Following;

/// <summary>The event loop of a read replica.</summary>
internal sealed class FollowLoop(
    IPlatform platform, ReadReplicaOptions options, FollowStore store, Mailbox<FollowInput> inbox, TaskScope scope, FollowBoard board, ILogger logger)
{
    // Repetitions of a chunk before the whole state is asked for again.
    private const int ChunkRepetitionsMax = 3;

    private readonly PendingEntries _pending = new(options.PendingEntriesMax, options.PendingBytesMax);
    private readonly CatchUpCall _call = new();
    private readonly FanoutCounters _counters = board.Counters;
    private FeedLink? _link;
    private StateReceipt? _receipt;
    private int _links;
    private readonly int _firstSource = platform.Random.Get("fanout.source").Next(options.Sources.Length);
    private ulong _known;
    private ulong _standing;
    private ulong _reports;
    private TimeSpan _entriesHeardAt;
    private TimeSpan _answersHeardAt;
    private TimeSpan _reportedAt;

    private ReplicatedStateMachine Machine => store.Machine;

    private TimeSpan Now => platform.Clock.Elapsed();

    private TimeSpan Silence =>
        Now - (options.BindAddress is null && _entriesHeardAt < _answersHeardAt ? _entriesHeardAt : _answersHeardAt);

    /// <summary>Follows until the inbox is closed or the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FollowNextAsync(cancellationToken);
            do
            {
                while (inbox.TryReceive(out FollowInput input))
                {
                    await TakeAsync(input, cancellationToken);
                    board.Show(Machine.Applied, _known);
                }
            }
            while (await inbox.WaitToReceiveAsync(cancellationToken));
        }
        finally
        {
            await AbandonReceiptAsync();
            if (_link is { } link)
            {
                _link = null;
                await link.CloseAsync();
            }
        }
    }

    private async Task TakeAsync(FollowInput input, CancellationToken cancellationToken)
    {
        if (input.Query is { } query)
        {
            await AnswerAsync(query, cancellationToken);
        }
        else if (input.Payload.IsEmpty)
        {
            await TickAsync(cancellationToken);
        }
        else
        {
            try
            {
                await (input.IsControl ? TakeAnswerAsync(input, cancellationToken) : TakeEntryAsync(input.Payload, cancellationToken));
            }
            catch (ProtocolException)
            {
                platform.Probes.Reachable("fanout.malformed");
                _counters.Malformed();
            }
        }

        await CatchUpIfBehindAsync(cancellationToken);
    }

    private async Task AnswerAsync(ReplicaQuery query, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> answer = await Machine.AskAsync(query.Query, cancellationToken);
        query.Answer.TrySetResult(new ReplicaAnswer(GraphAnswer.Decode(answer.Span), Machine.Applied));
    }

    private async Task TakeEntryAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        switch (FanoutReader.KindOf(payload.Span))
        {
            case FanoutKind.Entry:
                _entriesHeardAt = Now;
                await AddAsync(EntryMessage.Decode(payload).Entry, cancellationToken);
                await ApplyPendingAsync(cancellationToken);
                break;
            case FanoutKind.Beat:
                _entriesHeardAt = Now;
                Learn(BeatMessage.Decode(payload.Span).Last.Index);
                break;
            default:
                throw new ProtocolException("not for a subscriber");
        }
    }

    private async Task TakeAnswerAsync(FollowInput input, CancellationToken cancellationToken)
    {
        if (input.Link != _links)
        {
            return;
        }

        _answersHeardAt = Now;
        ReadOnlyMemory<byte> payload = input.Payload;
        switch (FanoutReader.KindOf(payload.Span))
        {
            case FanoutKind.Standing:
                var standing = StandingMessage.Decode(payload.Span);
                board.ShowHealth(standing.Health);

                // What was published by then may still be under way over the SUB: only what is missing a report later is a hole.
                Learn(_standing);
                _standing = standing.LastIndex;
                break;
            case FanoutKind.Entries:
                await TakeEntriesAsync(EntriesMessage.Decode(payload), cancellationToken);
                break;
            case FanoutKind.StateChunk:
                await TakeChunkAsync(StateChunkMessage.Decode(payload), cancellationToken);
                break;
            case FanoutKind.Refusal:
                await TakeRefusalAsync(RefusalMessage.Decode(payload.Span));
                break;
            default:
                throw new ProtocolException("not for a replica");
        }
    }

    private void Learn(ulong index) => _known = Math.Max(_known, index);

    private async Task AddAsync(LogEntry entry, CancellationToken cancellationToken)
    {
        Learn(entry.Index);
        if (entry.Index < store.Next)
        {
            platform.Probes.Reachable("fanout.repeated-entry-skipped");
            board.Repeated();
        }
        else if (entry.Index == store.Next)
        {
            await ApplyAsync(entry, cancellationToken);
        }
        else
        {
            _pending.Add(entry);
        }
    }

    private async Task ApplyPendingAsync(CancellationToken cancellationToken)
    {
        while (_pending.Take(store.Next) is { } entry && await ApplyAsync(entry, cancellationToken))
        {
            // The next one may be there too.
        }
    }

    private async Task<bool> ApplyAsync(LogEntry entry, CancellationToken cancellationToken)
    {
        if (await store.TryApplyAsync(entry, cancellationToken))
        {
            return true;
        }

        _counters.Malformed();
        return false;
    }

    private async Task TakeEntriesAsync(EntriesMessage answer, CancellationToken cancellationToken)
    {
        if (!_call.IsWaiting || answer.Request != _call.Number)
        {
            return;
        }

        _call.Progressed(Now);
        _call.End();
        await AbandonReceiptAsync();
        foreach (LogEntry entry in answer.Entries)
        {
            await AddAsync(entry, cancellationToken);
        }

        await ApplyPendingAsync(cancellationToken);
    }

    private async Task TakeChunkAsync(StateChunkMessage chunk, CancellationToken cancellationToken)
    {
        if (!_call.IsWaiting || chunk.Request != _call.Number)
        {
            return;
        }

        Learn(chunk.Position.Index);
        if (_receipt is null && chunk.Number == 0 && chunk.Position.Index > Machine.AppliedIndex)
        {
            _receipt = new StateReceipt(chunk.Request, Machine.BeginReceive(chunk.Position, options.StateBytesMax));
        }

        if (_receipt is not { } receipt || !receipt.Expects(chunk))
        {
            // One that was asked for twice, or a state that is not needed any more.
            return;
        }

        try
        {
            _call.Progressed(Now);
            if (!await receipt.AddAsync(chunk, cancellationToken))
            {
                await AskForChunkAsync(receipt, cancellationToken);
                return;
            }
        }
        catch (FormatException)
        {
            _counters.Malformed();
            _call.Failed();
            _call.End();
            await AbandonReceiptAsync();
            return;
        }

        _receipt = null;
        _call.End();
        if (await store.InstallAsync(receipt.Staged, cancellationToken))
        {
            platform.Probes.Reachable("fanout.state-installed");
        }

        await ApplyPendingAsync(cancellationToken);
    }

    private async Task TakeRefusalAsync(RefusalMessage refusal)
    {
        if (!_call.IsWaiting || refusal.Request != _call.Number)
        {
            return;
        }

        platform.Probes.Reachable("fanout.catch-up-refused");
        await AbandonReceiptAsync();
        _call.Refused(Now + (refusal.Reason == RefusalReason.NoTransfer ? TimeSpan.Zero : options.TickInterval));
    }

    private async Task CatchUpIfBehindAsync(CancellationToken cancellationToken)
    {
        if (_known < store.Next || _call.IsWaiting || Now < _call.NotBefore || _link is null)
        {
            return;
        }

        if (_call.Failures >= options.FailuresMax)
        {
            await FollowNextAsync(cancellationToken);
            return;
        }

        platform.Probes.Reachable("fanout.gap-found");
        board.Gap();
        ulong request = _call.Begin(Now);
        await _link.SendAsync(new CatchUpRequest(request, store.Next).Encode(), cancellationToken);
    }

    private async Task AskForChunkAsync(StateReceipt receipt, CancellationToken cancellationToken)
    {
        _call.AskAgain(Now);
        await _link!.SendAsync(new NextChunkRequest(receipt.Request, receipt.Next).Encode(), cancellationToken);
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        if (_link is null || Silence >= options.SilenceLimit)
        {
            await FollowNextAsync(cancellationToken);
            return;
        }

        if (Now - _reportedAt >= options.ReportInterval)
        {
            await ReportAsync(cancellationToken);
        }

        if (_call.IsWaiting && Now - _call.AskedAt >= options.RequestLimit)
        {
            await RepeatAsync(cancellationToken);
        }
    }

    private async Task RepeatAsync(CancellationToken cancellationToken)
    {
        platform.Probes.Reachable("fanout.catch-up-repeated");
        _call.Failed();
        if (_receipt is { } receipt && _call.Failures <= ChunkRepetitionsMax)
        {
            await AskForChunkAsync(receipt, cancellationToken);
            return;
        }

        _call.End();
        await AbandonReceiptAsync();
    }

    private async Task ReportAsync(CancellationToken cancellationToken)
    {
        _reportedAt = Now;
        await _link!.SendAsync(new ReportMessage(++_reports, Machine.Applied, Machine.DurableIndex).Encode(), cancellationToken);
    }

    private async Task FollowNextAsync(CancellationToken cancellationToken)
    {
        FanoutSource next = options.Sources[(_firstSource + _links) % options.Sources.Length];
        if (_link is { } silent)
        {
            platform.Probes.Reachable("fanout.source-changed");
            platform.Probes.Always(
                _call.Failures >= options.FailuresMax || Now - silent.OpenedAt >= options.SilenceLimit, "fanout.young-link-is-not-left");
            FanoutLog.SourceSilent(logger, options.Name, silent.Source.ControlAddress, Silence, next.ControlAddress);
            _link = null;
            await silent.CloseAsync();
        }

        await AbandonReceiptAsync();
        _call.Reset();
        _links++;
        try
        {
            _link = await FeedLink.OpenAsync(platform, options, next, _links, inbox, _counters, scope, cancellationToken);
        }
        catch (NetworkException exception)
        {
            FanoutLog.CannotBind(logger, options.Name, options.BindAddress!.Value, exception.Message);
            return;
        }

        _entriesHeardAt = Now;
        _answersHeardAt = Now;
        board.ShowSource(next.ControlAddress, _links);
        await ReportAsync(cancellationToken);
    }

    private async Task AbandonReceiptAsync()
    {
        if (_receipt is { } receipt)
        {
            _receipt = null;
            await receipt.Staged.AbandonAsync();
        }
    }
}
