using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Fanout.Wire;
using SimGraph.Replication.Node;
using SimGraph.Replication.StateMachine;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Fanout.Publishing;

/// <summary>Takes what a replica misses out of a node: entries if its log holds them, else its whole state.</summary>
internal sealed class CatchUpVisit(ulong from, int bytesMax, bool mayFreeze) : AnsweredVisit<CatchUpFind>
{
    /// <inheritdoc/>
    protected override CatchUpFind Nothing => default;

    /// <inheritdoc/>
    protected override CatchUpFind Find(ConsensusCore core, ReplicatedStateMachine machine)
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

    /// <inheritdoc/>
    protected override void Discard(CatchUpFind find) => find.State?.Dispose();
}
