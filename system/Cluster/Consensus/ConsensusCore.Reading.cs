using SimGraph.Storage.Log;

namespace SimGraph.Cluster.Consensus;

/// <content>Reading the log, for those who follow it without taking part.</content>
public sealed partial class ConsensusCore
{
    /// <summary>Term of a committed entry, if the log holds it or begins behind it.</summary>
    public bool TryGetCommittedTerm(ulong index, out ulong term)
    {
        term = 0;
        return index <= CommitIndex && _log.TryGetTerm(index, out term);
    }

    /// <summary>Committed entries from an index on that the log still holds, within all limits; at least one when there is one. Empty when it is cut there.</summary>
    public IReadOnlyList<LogEntry> ReadCommitted(ulong from, ulong to, int entriesMax, long bytesMax)
    {
        ulong last = Math.Min(to, CommitIndex);
        if (from <= _log.Start.Index || from > last)
        {
            return [];
        }

        return _log.Slice(from, (int)Math.Min((ulong)entriesMax, last - from + 1), bytesMax);
    }
}
