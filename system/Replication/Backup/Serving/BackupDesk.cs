// Serves the backup requests of one client connection: freezes the state between two turns of the event loop, reads the chunks on the connection's own task, and takes committed
// entries out of the log. What is frozen belongs to the connection and ends with it, so a taker that vanishes costs the tree nothing for longer than the limit for a snapshot that broke off: a connection that holds a state and is silent for so long is reset.

using SimGraph.Replication.Backup.Wire;
using SimGraph.Replication.Node;
using SimGraph.Replication.Peers;
using SimGraph.Replication.Wire;

namespace SimGraph.Replication.Backup.Serving;

/// <summary>One connection's backup. Used by the task that reads the connection.</summary>
internal sealed class BackupDesk(ReplicaOptions options, ReplicaInbox inbox, InboundConnection inbound, BackupSlots slots) : IAsyncDisposable
{
    private FrozenReader? _frozen;

    /// <summary>Answers a request.</summary>
    public async Task ServeAsync(ClientRequest asked, ClientLink link, CancellationToken cancellationToken)
    {
        var request = BackupRequest.Decode(asked.Body.Span);
        try
        {
            await AnswerAsync(request, asked.Id, link, cancellationToken);
        }
        catch (Exception exception) when (DeviceFailure.Is(exception))
        {
            // The node's own loop meets the same tree: what that means is its business.
            await ReleaseAsync();
            link.Reply(asked.Id, ResponseStatus.Refused, "the frozen state cannot be read any more"u8.ToArray());
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await ReleaseAsync();

    private async Task AnswerAsync(BackupRequest request, ulong id, ClientLink link, CancellationToken cancellationToken)
    {
        switch (request.Action)
        {
            case BackupAction.Freeze:
                await FreezeAsync(id, link, cancellationToken);
                break;
            case BackupAction.Chunk when _frozen is { } frozen && frozen.Next == request.Number
                && await frozen.ReadAsync(Math.Min(options.SnapshotChunkBytes, options.FramePayloadMax / 2), cancellationToken) is { } chunk:
                link.Reply(id, ResponseStatus.Done, chunk.Encode());
                break;
            case BackupAction.Chunk:
                link.Reply(id, ResponseStatus.Refused, "no state is frozen for this connection of which that is the next chunk"u8.ToArray());
                break;
            case BackupAction.Entries:
                await ReadEntriesAsync(request, id, link, cancellationToken);
                break;
            default:
                await ReleaseAsync();
                link.Reply(id, ResponseStatus.Done, default);
                break;
        }
    }

    private async Task FreezeAsync(ulong id, ClientLink link, CancellationToken cancellationToken)
    {
        await ReleaseAsync();
        if (!slots.TryTake())
        {
            link.Reply(id, ResponseStatus.Busy, "too many backups are being taken here"u8.ToArray());
            return;
        }

        FreezeFind find = default;
        try
        {
            var visit = new FreezeVisit();
            if (await PostAsync(visit, cancellationToken))
            {
                find = await visit.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            if (find.State is null)
            {
                slots.Release();
            }
        }

        if (find.State is not { } state)
        {
            link.Reply(id, ResponseStatus.Stopping, "the node stops"u8.ToArray());
            return;
        }

        _frozen = new FrozenReader(state);
        inbound.HoldsState = true;
        link.Reply(id, ResponseStatus.Done, new FrozenAnswer(state.Position, find.Digest).Encode());
    }

    private async Task ReadEntriesAsync(BackupRequest request, ulong id, ClientLink link, CancellationToken cancellationToken)
    {
        var visit = new EntriesVisit(request.Previous, options.AppendBytesMax);
        EntriesAnswer? find = await PostAsync(visit, cancellationToken) ? await visit.WaitAsync(cancellationToken) : null;
        if (find is null)
        {
            link.Reply(id, ResponseStatus.Stopping, "the node stops"u8.ToArray());
        }
        else
        {
            link.Reply(id, ResponseStatus.Done, find.Encode());
        }
    }

    private async Task<bool> PostAsync(ReplicaVisit visit, CancellationToken cancellationToken) =>
        await inbox.PostAsync(new ReplicaEvent { Kind = ReplicaEventKind.Visit, Visit = visit }, cancellationToken);

    private async Task ReleaseAsync()
    {
        if (_frozen is { } frozen)
        {
            _frozen = null;
            inbound.HoldsState = false;
            await frozen.DisposeAsync();
            slots.Release();
        }
    }
}
