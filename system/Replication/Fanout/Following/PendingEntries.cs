using SimGraph.Storage.Log;

namespace SimGraph.Replication.Fanout.Following;

/// <summary>Entries that came before one that they follow: kept, within limits, until the hole is filled. Not thread-safe.</summary>
internal sealed class PendingEntries(int entriesMax, long bytesMax)
{
    private readonly SortedDictionary<ulong, LogEntry> _entries = [];
    private long _bytes;

    /// <summary>Entries that are kept.</summary>
    public int Count => _entries.Count;

    /// <summary>Keeps an entry if there is room; what is not kept is asked for later.</summary>
    public void Add(LogEntry entry)
    {
        if (_entries.Count < entriesMax && _bytes + entry.Payload.Length <= bytesMax && _entries.TryAdd(entry.Index, entry))
        {
            _bytes += entry.Payload.Length;
        }
    }

    /// <summary>Takes the entry of an index, and forgets those before it.</summary>
    public LogEntry? Take(ulong index)
    {
        while (_entries.Count > 0)
        {
            using SortedDictionary<ulong, LogEntry>.Enumerator first = _entries.GetEnumerator();
            first.MoveNext();
            LogEntry entry = first.Current.Value;
            if (entry.Index > index)
            {
                return null;
            }

            _entries.Remove(entry.Index);
            _bytes -= entry.Payload.Length;
            if (entry.Index == index)
            {
                return entry;
            }
        }

        return null;
    }
}
