// Answers replicas that miss something: from the log, or with a whole state where the log is cut. One task, so that one request is served at a time and nothing
// about transfers is shared. A transfer moves on only when its next chunk is asked for: a chunk that is dropped on the way is asked for again, never skipped.

using SimGraph.Replication.Fanout.Wire;
using SimGraph.Replication.Node;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Lsm;

namespace SimGraph.Replication.Fanout.Publishing;

/// <summary>Serves catch-ups. Requests may be added by any task.</summary>
internal sealed class CatchUpDesk(IPlatform platform, PublisherOptions options, ReplicaNode node, Mailbox<Message> replies)
{
    private readonly Mailbox<CatchUpJob> _jobs = new(options.RequestsMax);
    private readonly List<StateTransfer> _transfers = [];

    /// <summary>Adds a request. False when there are too many.</summary>
    public bool TryAdd(CatchUpJob job) => _jobs.TryPost(job);

    /// <summary>Lets transfers that nobody asks for end.</summary>
    public void Watch() => _jobs.TryPost(default);

    /// <summary>Serves until it is cancelled, then lets every state go.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _jobs.WaitToReceiveAsync(cancellationToken))
            {
                while (_jobs.TryReceive(out CatchUpJob job))
                {
                    await ServeAsync(job, cancellationToken);
                }
            }
        }
        finally
        {
            foreach (StateTransfer transfer in _transfers)
            {
                await transfer.DisposeAsync();
            }

            _transfers.Clear();
        }
    }

    private async Task ServeAsync(CatchUpJob job, CancellationToken cancellationToken)
    {
        if (job.Replica.IsEmpty)
        {
            await EndIdleAsync();
        }
        else if (job.FromIndex > 0)
        {
            await EndAsync(FindTransfer(job.Replica));
            await CatchUpAsync(job, cancellationToken);
        }
        else if (FindTransfer(job.Replica) is { } transfer && transfer.Request == job.Request)
        {
            await SendChunkAsync(job, transfer, cancellationToken);
        }
        else
        {
            await RefuseAsync(job, RefusalReason.NoTransfer, cancellationToken);
        }
    }

    private async Task CatchUpAsync(CatchUpJob job, CancellationToken cancellationToken)
    {
        var visit = new CatchUpVisit(job.FromIndex, options.CatchUpBytes, mayFreeze: _transfers.Count < options.TransfersMax);
        if (!await node.VisitAsync(visit, cancellationToken))
        {
            return;
        }

        CatchUpFind find = await visit.WaitAsync(cancellationToken);
        if (find.Entries is { } entries)
        {
            platform.Probes.Reachable("fanout.catch-up-by-entries");
            await ReplyAsync(job, new EntriesMessage(job.Request, entries).Encode(), cancellationToken);
        }
        else if (find.State is { } state)
        {
            platform.Probes.Reachable("fanout.catch-up-by-state");
            var transfer = new StateTransfer(job.Replica, job.Request, state);
            _transfers.Add(transfer);
            await SendChunkAsync(job, transfer, cancellationToken);
        }
        else if (find.Reason != RefusalReason.None)
        {
            await RefuseAsync(job, find.Reason, cancellationToken);
        }
    }

    private async Task SendChunkAsync(CatchUpJob job, StateTransfer transfer, CancellationToken cancellationToken)
    {
        transfer.AskedAt = platform.Clock.Elapsed();
        byte[]? chunk;
        try
        {
            chunk = await transfer.ReadAsync(job.Chunk, options.ChunkBytes, cancellationToken);
        }
        catch (LsmException)
        {
            // The node's own loop meets the same tree: what that means is its business.
            chunk = null;
            await EndAsync(transfer);
        }

        if (chunk is null)
        {
            await RefuseAsync(job, RefusalReason.NoTransfer, cancellationToken);
        }
        else
        {
            await ReplyAsync(job, chunk, cancellationToken);
        }
    }

    private async Task RefuseAsync(CatchUpJob job, RefusalReason reason, CancellationToken cancellationToken) =>
        await ReplyAsync(job, new RefusalMessage(job.Request, reason).Encode(), cancellationToken);

    private async Task ReplyAsync(CatchUpJob job, byte[] payload, CancellationToken cancellationToken) =>
        await replies.PostAsync(new Message(job.Replica, payload), cancellationToken);

    private StateTransfer? FindTransfer(ReadOnlyMemory<byte> replica)
    {
        foreach (StateTransfer transfer in _transfers)
        {
            if (transfer.IsFor(replica.Span))
            {
                return transfer;
            }
        }

        return null;
    }

    private async Task EndIdleAsync()
    {
        TimeSpan oldest = platform.Clock.Elapsed() - options.TransferIdleLimit;
        for (int i = _transfers.Count - 1; i >= 0; i--)
        {
            if (_transfers[i].AskedAt < oldest)
            {
                platform.Probes.Reachable("fanout.transfer-given-up");
                await EndAsync(_transfers[i]);
            }
        }
    }

    private async Task EndAsync(StateTransfer? transfer)
    {
        if (transfer is not null)
        {
            _transfers.Remove(transfer);
            await transfer.DisposeAsync();
        }
    }
}
