// The in-memory log behind the newest compaction point (dissertation section 3.5; compaction: chapter 5). Two cursors separate what the owner has
// been given to write (handed out) from what it has confirmed as durable. A truncation pulls both back, so a confirmation that arrives after the
// truncation of what it confirms cannot make a replaced entry count as durable.

using SimGraph.Runtime;
using SimGraph.Storage.Log;

namespace SimGraph.Cluster.Consensus;

internal sealed class ConsensusLog
{
    private readonly List<LogEntry> _entries;
    private ulong _handedOut;

    public ConsensusLog(LogPosition start, IReadOnlyList<LogEntry> entries)
    {
        Start = start;
        Last = start;
        _entries = new List<LogEntry>(entries.Count + 16);
        for (int i = 0; i < entries.Count; i++)
        {
            Append(entries[i]);
        }

        _handedOut = Last.Index;
        DurableIndex = Last.Index;
    }

    /// <summary>The log holds what is behind this position.</summary>
    public LogPosition Start { get; private set; }

    public LogPosition Last { get; private set; }

    /// <summary>Everything up to here is durable on this node.</summary>
    public ulong DurableIndex { get; private set; }

    public bool HasUnwritten => Last.Index > _handedOut;

    public LogEntry this[ulong index] => _entries[(int)(index - Start.Index - 1)];

    /// <summary>Term at an index between <see cref="Start"/> and <see cref="Last"/>, both included.</summary>
    public bool TryGetTerm(ulong index, out ulong term)
    {
        if (index < Start.Index || index > Last.Index)
        {
            term = 0;
            return false;
        }

        term = index == Start.Index ? Start.Term : this[index].Term;
        return true;
    }

    public bool Holds(LogPosition position) => TryGetTerm(position.Index, out ulong term) && term == position.Term;

    public void Append(LogEntry entry)
    {
        Invariant.Check(entry.Index == Last.Index + 1, "log entries are contiguous");
        Invariant.Check(entry.Term >= Last.Term, "terms never decrease along the log");
        _entries.Add(entry);
        Last = new LogPosition(entry.Index, entry.Term);
    }

    /// <summary>Removes the entry at an index and all behind it.</summary>
    public void TruncateFrom(ulong index)
    {
        Invariant.Check(index > Start.Index && index <= Last.Index, "only entries that the log holds are truncated");
        int keep = (int)(index - Start.Index - 1);
        _entries.RemoveRange(keep, _entries.Count - keep);
        Last = keep == 0 ? Start : new LogPosition(index - 1, _entries[keep - 1].Term);
        _handedOut = Math.Min(_handedOut, Last.Index);
        DurableIndex = Math.Min(DurableIndex, Last.Index);
    }

    /// <summary>Forgets everything; the log begins anew behind a snapshot.</summary>
    public void RestartAt(LogPosition position)
    {
        _entries.Clear();
        Start = position;
        Last = position;
        _handedOut = position.Index;
        DurableIndex = position.Index;
    }

    /// <summary>Forgets the entries up to and including a position.</summary>
    public void CompactTo(LogPosition position)
    {
        Invariant.Check(Holds(position), "the log is compacted at a position that it holds");
        _entries.RemoveRange(0, (int)(position.Index - Start.Index));
        Start = position;
    }

    public void HandOutUnwritten(List<LogEntry> target)
    {
        while (_handedOut < Last.Index)
        {
            _handedOut++;
            target.Add(this[_handedOut]);
        }
    }

    /// <summary>What was handed out, and not truncated since, is durable.</summary>
    public void MarkHandedOutDurable() => DurableIndex = _handedOut;

    /// <summary>Entries from an index on, within both limits; at least one when there is one.</summary>
    public LogEntry[] Slice(ulong from, int entriesMax, long bytesMax)
    {
        int first = (int)(from - Start.Index - 1);
        int available = Math.Min(_entries.Count - first, entriesMax);
        if (available <= 0)
        {
            return [];
        }

        int count = 1;
        long bytes = _entries[first].Payload.Length;
        while (count < available && (bytes += _entries[first + count].Payload.Length) <= bytesMax)
        {
            count++;
        }

        LogEntry[] slice = new LogEntry[count];
        _entries.CopyTo(first, slice, 0, count);
        return slice;
    }

    /// <summary>
    /// The highest index, no higher than <paramref name="index"/>, whose term is at most <paramref name="term"/>. Below the compaction point terms are
    /// unknown: the answer is then just below it.
    /// </summary>
    public ulong LastIndexWithTermAtMost(ulong index, ulong term)
    {
        ulong high = Math.Min(index, Last.Index);
        if (high < Start.Index)
        {
            return high;
        }

        if (Start.Term > term)
        {
            return Start.Index == 0 ? 0 : Start.Index - 1;
        }

        ulong low = Start.Index;
        while (low < high)
        {
            ulong middle = low + ((high - low + 1) / 2);
            if (this[middle].Term <= term)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }
}
