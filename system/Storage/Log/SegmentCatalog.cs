// Which segments exist and up to which index each of them is still needed. An entry that was overwritten or forgotten by a later, durable
// record no longer needs its segment. Pure; owned by recovery, then by the flusher.

namespace SimGraph.Storage.Log;

/// <summary>The live segments of a log, oldest first.</summary>
internal sealed class SegmentCatalog
{
    private readonly List<Segment> _segments = [];
    private ulong _last;

    public ulong Current => _segments[^1].Sequence;

    public int Count => _segments.Count;

    /// <summary>A new segment follows; what is appended from here on lies in it.</summary>
    public void Begin(ulong sequence) => _segments.Add(new Segment(sequence));

    /// <summary>Takes back the newest segment, which held no entry.</summary>
    public void RemoveCurrent() => _segments.RemoveAt(_segments.Count - 1);

    public void Append(ulong index)
    {
        if (index <= _last)
        {
            foreach (Segment segment in _segments)
            {
                segment.LastNeeded = Math.Min(segment.LastNeeded, index - 1);
            }
        }

        _last = index;
        _segments[^1].LastNeeded = index;
    }

    public void ForgetAll()
    {
        foreach (Segment segment in _segments)
        {
            segment.LastNeeded = 0;
        }

        _last = 0;
    }

    /// <summary>The oldest segment if it is not the current one and holds nothing needed behind <paramref name="index"/>.</summary>
    public bool TryGetRemovable(ulong index, out ulong sequence)
    {
        sequence = _segments[0].Sequence;
        return _segments.Count > 1 && _segments[0].LastNeeded <= index;
    }

    public void RemoveOldest() => _segments.RemoveAt(0);

    private sealed class Segment(ulong sequence)
    {
        public ulong Sequence { get; } = sequence;

        public ulong LastNeeded { get; set; }
    }
}
