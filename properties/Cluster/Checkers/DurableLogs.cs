using SimGraph.Cluster.Consensus;
using SimGraph.Storage.Log;

namespace SimGraph.Properties.Cluster.Checkers;

/// <summary>The log on the disk of each node, known from what it says to be durable, before it tells anybody else.</summary>
internal sealed class DurableLogs
{
    private readonly SortedDictionary<NodeId, Terms> _logs = [];

    /// <summary>A node says what its disk holds.</summary>
    public void Persisted(NodeId node, LogPosition? start, IReadOnlyList<LogEntry> entries)
    {
        if (start is { } position)
        {
            _logs[node] = new Terms(position);
        }

        _logs[node].Append(entries);
    }

    /// <summary>Whether a node's disk holds this entry, in its log or covered by its state.</summary>
    public bool Holds(NodeId node, LogPosition position) => _logs.TryGetValue(node, out Terms? log) && log.Holds(position);

    /// <summary>The end of a node's log.</summary>
    public LogPosition LastOf(NodeId node) => _logs.TryGetValue(node, out Terms? log) ? log.Last : default;

    /// <summary>The terms of the entries that a disk holds. What lies before them is covered by its state, and so was committed.</summary>
    private sealed class Terms(LogPosition start)
    {
        private readonly List<ulong> _terms = [];

        public LogPosition Last => _terms.Count == 0 ? start : new LogPosition(start.Index + (ulong)_terms.Count, _terms[^1]);

        public void Append(IReadOnlyList<LogEntry> entries)
        {
            foreach (LogEntry entry in entries)
            {
                int place = (int)(entry.Index - start.Index - 1);
                _terms.RemoveRange(place, _terms.Count - place);
                _terms.Add(entry.Term);
            }
        }

        public bool Holds(LogPosition position) =>
            position.Index <= start.Index ||
            (position.Index - start.Index <= (ulong)_terms.Count && _terms[(int)(position.Index - start.Index - 1)] == position.Term);
    }
}
