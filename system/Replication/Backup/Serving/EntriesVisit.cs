using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Backup.Wire;
using SimGraph.Replication.Node;
using SimGraph.Replication.StateMachine;
using SimGraph.Replication.Wire;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Backup.Serving;

/// <summary>Takes applied entries behind a position out of a node's log. By log matching they follow that position in every log that holds it.</summary>
internal sealed class EntriesVisit(LogPosition previous, int bytesMax) : AnsweredVisit<EntriesAnswer?>
{
    /// <inheritdoc/>
    protected override EntriesAnswer? Nothing => null;

    /// <inheritdoc/>
    protected override EntriesAnswer Find(ConsensusCore core, ReplicatedStateMachine machine)
    {
        LogPosition applied = machine.Applied;
        if (previous.Index > applied.Index)
        {
            return Answer(EntriesOutcome.NothingNewer, machine, []);
        }

        if (!core.TryGetCommittedTerm(previous.Index, out ulong term))
        {
            return Answer(EntriesOutcome.Cut, machine, []);
        }

        if (term != previous.Term)
        {
            return Answer(EntriesOutcome.AnotherHistory, machine, []);
        }

        IReadOnlyList<LogEntry> entries = core.ReadCommitted(previous.Index + 1, applied.Index, EntryRun.EntriesMax, bytesMax);
        return Answer(entries.Count > 0 ? EntriesOutcome.Found : EntriesOutcome.NothingNewer, machine, entries);
    }

    /// <inheritdoc/>
    protected override void Discard(EntriesAnswer? find)
    {
    }

    private static EntriesAnswer Answer(EntriesOutcome outcome, ReplicatedStateMachine machine, IReadOnlyList<LogEntry> entries) =>
        new(outcome, machine.Applied, machine.Digest, entries);
}
