// Recovery's model of the log: records in, state out. Entries may begin with a hole while replaying, because a segment in front may have been
// deleted for a start that stands in a later record; when all is read the hole must be covered. Pure.

namespace SimGraph.Storage.Log;

/// <summary>Replays the records of all segments in order.</summary>
internal sealed class LogReplay
{
    private readonly List<LogEntry> _entries = [];
    private bool _segmentsAreMissingBefore;
    private bool _isOldestSegment;

    public byte[]? State { get; private set; }

    public LogPosition Start { get; private set; }

    public IReadOnlyList<LogEntry> Entries => _entries;

    public SegmentCatalog Segments { get; } = new();

    public void BeginSegment(ulong sequence)
    {
        _isOldestSegment = Segments.Count == 0;
        _segmentsAreMissingBefore |= _isOldestSegment && sequence > 1;
        Segments.Begin(sequence);
    }

    /// <summary>A record of the head: the copy of what the segments before say. Returns what is wrong with it, or null.</summary>
    public string? ApplyHead(in RecordHeader header, byte[] payload)
    {
        var position = new LogPosition(header.Index, header.Term);
        switch (header.Kind)
        {
            case RecordKind.State when _isOldestSegment:
                State = payload;
                return null;
            case RecordKind.StartKeepingEntries when _isOldestSegment:
                Start = position;
                return null;
            case RecordKind.State:
                return State.AsSpan().SequenceEqual(payload) ? null : "the state in its head is not the one that the segments before it end with";
            case RecordKind.StartKeepingEntries:
                return position == Start ? null : "the start in its head is not the one that the segments before it end with";
            default:
                return $"a record of kind {(byte)header.Kind} does not belong into a head";
        }
    }

    /// <summary>A record behind the head. Returns what is wrong with it, or null.</summary>
    public string? Apply(in RecordHeader header, byte[] payload)
    {
        switch (header.Kind)
        {
            case RecordKind.State:
                State = payload;
                return null;
            case RecordKind.StartKeepingEntries or RecordKind.StartForgettingEntries:
                return MoveStart(new LogPosition(header.Index, header.Term), header.Kind == RecordKind.StartForgettingEntries);
            case RecordKind.Entry:
                return Append(new LogEntry(header.Index, header.Term, (LogEntryKind)header.EntryKind, payload));
            default:
                return $"a record of the unknown kind {(byte)header.Kind}";
        }
    }

    /// <summary>What is wrong with the whole, or null.</summary>
    public string? Finish() =>
        _entries.Count > 0 && _entries[0].Index != Start.Index + 1
            ? $"entries {Start.Index + 1} to {_entries[0].Index - 1} are missing: the log starts behind {Start.Index}"
            : null;

    private string? MoveStart(LogPosition start, bool forget)
    {
        if (start.Index <= Start.Index)
        {
            return $"a start at {start.Index} follows one at {Start.Index}";
        }

        Start = start;
        if (forget)
        {
            _entries.Clear();
            _segmentsAreMissingBefore = false;
            Segments.ForgetAll();
        }
        else if (_entries.Count > 0 && _entries[0].Index <= start.Index)
        {
            ulong covered = start.Index - _entries[0].Index + 1;
            _entries.RemoveRange(0, (int)Math.Min(covered, (ulong)_entries.Count));
        }

        return null;
    }

    private string? Append(LogEntry entry)
    {
        if (entry.Index <= Start.Index)
        {
            return $"entry {entry.Index} lies at or before the start {Start.Index}";
        }

        if (_entries.Count == 0)
        {
            if (entry.Index != Start.Index + 1 && !_segmentsAreMissingBefore)
            {
                return $"entry {entry.Index} leaves a gap behind the start {Start.Index}";
            }
        }
        else if (entry.Index < _entries[0].Index)
        {
            _entries.Clear();
        }
        else
        {
            ulong place = entry.Index - _entries[0].Index;
            if (place > (ulong)_entries.Count)
            {
                return $"entry {entry.Index} leaves a gap behind entry {_entries[^1].Index}";
            }

            _entries.RemoveRange((int)place, _entries.Count - (int)place);
        }

        // A hole can only lie before the first entry that is read.
        _segmentsAreMissingBefore = false;
        _entries.Add(entry);
        Segments.Append(entry.Index);
        return null;
    }
}
