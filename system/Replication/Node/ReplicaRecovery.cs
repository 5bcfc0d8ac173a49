// Brings log and state together after a start. The log is cut only where the state is durable, so the state is never older than the log's start. A crash may have
// come between any two steps of installing a leader's snapshot (term, state, start of the log), so the state may be newer than the end of the log.

using SimGraph.Cluster.Consensus;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Node;

/// <summary>What a node starts with.</summary>
/// <param name="State">For the consensus core.</param>
/// <param name="LogMustStartAtState">The log does not continue the state: mark its start there before anything is appended.</param>
internal sealed record ReplicaRecovery(ConsensusState State, bool LogMustStartAtState)
{
    /// <param name="log">What the log held.</param>
    /// <param name="applied">The last entry that is in the state.</param>
    /// <param name="membership">The membership in the state; null if it never had one.</param>
    /// <exception cref="RecoveryException">The log starts behind the state, or is not contiguous.</exception>
    public static ReplicaRecovery Combine(LogRecovery log, LogPosition applied, Membership? membership)
    {
        HardState hard = log.State is { } state ? HardState.Decode(state.Span) : default;
        if (log.Start.Index > applied.Index)
        {
            throw new RecoveryException(
                $"the log starts at {log.Start} but the state ends at {applied}: entries between them are missing; restore the state or let this node join anew");
        }

        ulong expected = log.Start.Index + 1;
        foreach (LogEntry entry in log.Entries)
        {
            if (entry.Index != expected++)
            {
                throw new RecoveryException($"the log holds entry {entry.Index} where entry {expected - 1} must be");
            }
        }

        bool continues = Holds(log, applied);
        ConsensusState restored = continues
            ? new ConsensusState { Hard = hard, Start = log.Start, Applied = applied, Membership = membership, Entries = log.Entries }
            : new ConsensusState { Hard = hard, Start = applied, Applied = applied, Membership = membership };
        return new ReplicaRecovery(restored, LogMustStartAtState: !continues);
    }

    private static bool Holds(LogRecovery log, LogPosition position)
    {
        if (log.Start == position)
        {
            return true;
        }

        ulong offset = position.Index - log.Start.Index - 1;
        return position.Index > log.Start.Index && offset < (ulong)log.Entries.Count && log.Entries[(int)offset].Term == position.Term;
    }
}
