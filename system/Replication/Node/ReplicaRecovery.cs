// Brings log and newest snapshot together after a start. A crash may have come between any two steps of taking or installing a snapshot (save the
// snapshot, mark the log's new start, drop segments), so the snapshot may be newer than the log's start, or even than its end. It is never older.

using SimGraph.Cluster.Consensus;
using SimGraph.Storage.Log;
using SimGraph.Storage.Snapshots;

namespace SimGraph.Replication.Node;

/// <summary>What a node starts with.</summary>
/// <param name="State">For the consensus core.</param>
/// <param name="Snapshot">For the state machine; null if there is none.</param>
/// <param name="LogMustStartAtSnapshot">The log does not continue the snapshot: mark its start there before anything is appended.</param>
internal sealed record ReplicaRecovery(ConsensusState State, StoredSnapshot? Snapshot, bool LogMustStartAtSnapshot)
{
    /// <exception cref="RecoveryException">The log starts behind the snapshot, or is not contiguous.</exception>
    public static ReplicaRecovery Combine(LogRecovery log, StoredSnapshot? snapshot)
    {
        HardState hard = log.State is { } state ? HardState.Decode(state.Span) : default;
        LogPosition start = snapshot?.Position ?? default;
        if (log.Start.Index > start.Index)
        {
            throw new RecoveryException(
                $"the log starts at {log.Start} but the newest snapshot is at {start}: entries between them are missing; restore the snapshot or let this node join anew");
        }

        ulong expected = log.Start.Index + 1;
        foreach (LogEntry entry in log.Entries)
        {
            if (entry.Index != expected++)
            {
                throw new RecoveryException($"the log holds entry {entry.Index} where entry {expected - 1} must be");
            }
        }

        bool continues = Holds(log, start);
        IReadOnlyList<LogEntry> entries = continues ? Behind(log, start) : [];
        var restored = new ConsensusState { Hard = hard, Start = start, Entries = entries };
        return new ReplicaRecovery(restored, snapshot, LogMustStartAtSnapshot: !continues);
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

    private static LogEntry[] Behind(LogRecovery log, LogPosition position)
    {
        int skipped = (int)(position.Index - log.Start.Index);
        var entries = new LogEntry[log.Entries.Count - skipped];
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = log.Entries[skipped + i];
        }

        return entries;
    }
}
