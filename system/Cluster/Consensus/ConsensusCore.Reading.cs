using SimGraph.Storage.Log;

namespace SimGraph.Cluster.Consensus;

/// <content>Reading the log, for those who follow it without taking part.</content>
public sealed partial class ConsensusCore
{
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
