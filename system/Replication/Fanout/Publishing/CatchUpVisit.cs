using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Fanout.Wire;
using SimGraph.Replication.Node;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime.Concurrency;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Fanout.Publishing;

/// <summary>Takes what a replica misses out of a node: entries if its log holds them, else its whole state.</summary>
internal sealed class CatchUpVisit(ulong from, int bytesMax, bool mayFreeze) : ReplicaVisit
{
    private readonly TaskCompletionSource<CatchUpFind> _find = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public override void Look(ConsensusCore core, ReplicatedStateMachine machine)
    {
        CatchUpFind find = Find(core, machine);
        if (!_find.TrySetResult(find))
        {
            // Nobody waits any more.
            find.State?.Dispose();
        }
    }

    /// <inheritdoc/>
    public override void Refuse() => _find.TrySetResult(default);

    /// <summary>Waits for the look.</summary>
    public async Task<CatchUpFind> WaitAsync(CancellationToken cancellationToken)
    {
        using TokenSubscription subscription = cancellationToken.Subscribe(
            static (state, token) => ((TaskCompletionSource<CatchUpFind>)state!).TrySetCanceled(token), _find);
        return await _find.Task;
    }

    private CatchUpFind Find(ConsensusCore core, ReplicatedStateMachine machine)
    {
        if (from > machine.AppliedIndex)
        {
            return new CatchUpFind(RefusalReason.NothingNewer, null, null);
        }

        IReadOnlyList<LogEntry> entries = core.ReadCommitted(from, machine.AppliedIndex, EntriesMessage.EntriesMax, bytesMax);
        return entries.Count > 0 ? new CatchUpFind(RefusalReason.None, entries, null)
            : mayFreeze ? new CatchUpFind(RefusalReason.None, null, machine.Freeze())
            : new CatchUpFind(RefusalReason.Busy, null, null);
    }
}
