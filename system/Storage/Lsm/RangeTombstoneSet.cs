// Range tombstones cut into fragments that do not overlap, each with all the sequences that delete it: finding what hides a version is then one
// binary search, however the ranges overlap. (The same idea as RocksDB's fragmented range tombstones.)
// Immutable, so readers need no lock; adding copies the references to the fragments.

namespace SimGraph.Storage.Lsm;

/// <summary>An immutable set of range tombstones.</summary>
internal sealed class RangeTombstoneSet
{
    private readonly Fragment[] _fragments;

    private RangeTombstoneSet(Fragment[] fragments) => _fragments = fragments;

    public static RangeTombstoneSet Empty { get; } = new([]);

    /// <summary>Fragments in it.</summary>
    public int Count => _fragments.Length;

    public static RangeTombstoneSet Of(IReadOnlyList<RangeTombstone> tombstones)
    {
        if (tombstones.Count == 0)
        {
            return Empty;
        }

        // Mostly they are disjoint; in order, each then costs little more than its place at the end.
        var sorted = new RangeTombstone[tombstones.Count];
        for (int i = 0; i < sorted.Length; i++)
        {
            sorted[i] = tombstones[i];
        }

        Array.Sort(sorted, static (left, right) =>
        {
            int order = left.Start.Span.SequenceCompareTo(right.Start.Span);
            return order != 0 ? order : right.Sequence.CompareTo(left.Sequence);
        });
        var fragments = new List<Fragment>(sorted.Length);
        foreach (RangeTombstone tombstone in sorted)
        {
            int first = fragments.Count;
            while (first > 0 && fragments[first - 1].End.Span.SequenceCompareTo(tombstone.Start.Span) > 0)
            {
                first--;
            }

            int behind = first;
            while (behind < fragments.Count && fragments[behind].Start.Span.SequenceCompareTo(tombstone.End.Span) < 0)
            {
                behind++;
            }

            List<Fragment> replaced = fragments.GetRange(first, behind - first);
            List<Fragment> rest = fragments.GetRange(behind, fragments.Count - behind);
            fragments.RemoveRange(first, fragments.Count - first);
            Cut(replaced, tombstone, fragments);
            fragments.AddRange(rest);
        }

        return new RangeTombstoneSet([.. fragments]);
    }

    /// <summary>All tombstones of several sets.</summary>
    public static RangeTombstoneSet Union(IReadOnlyList<RangeTombstoneSet> sets)
    {
        int filled = 0;
        RangeTombstoneSet last = Empty;
        for (int i = 0; i < sets.Count; i++)
        {
            if (sets[i].Count > 0)
            {
                filled++;
                last = sets[i];
            }
        }

        if (filled < 2)
        {
            return last;
        }

        var all = new List<RangeTombstone>();
        for (int i = 0; i < sets.Count; i++)
        {
            sets[i].AddTo(all);
        }

        return Of(all);
    }

    /// <summary>The set with one more.</summary>
    public RangeTombstoneSet With(in RangeTombstone tombstone)
    {
        int first = IndexOfFirstEndingBehind(tombstone.Start.Span);
        int behind = first;
        while (behind < _fragments.Length && _fragments[behind].Start.Span.SequenceCompareTo(tombstone.End.Span) < 0)
        {
            behind++;
        }

        var middle = new List<Fragment>((2 * (behind - first)) + 1);
        Cut(new ArraySegment<Fragment>(_fragments, first, behind - first), tombstone, middle);
        var fragments = new Fragment[first + middle.Count + _fragments.Length - behind];
        Array.Copy(_fragments, fragments, first);
        middle.CopyTo(fragments, first);
        Array.Copy(_fragments, behind, fragments, first + middle.Count, _fragments.Length - behind);
        return new RangeTombstoneSet(fragments);
    }

    /// <summary>The highest sequence, at most <paramref name="limit"/>, that deletes the key; 0 if none does.</summary>
    public ulong HighestCovering(ReadOnlySpan<byte> key, ulong limit)
    {
        int index = IndexOfFirstEndingBehind(key);
        if (index == _fragments.Length || _fragments[index].Start.Span.SequenceCompareTo(key) > 0)
        {
            return 0;
        }

        foreach (ulong sequence in _fragments[index].Sequences)
        {
            if (sequence <= limit)
            {
                return sequence;
            }
        }

        return 0;
    }

    /// <summary>The lowest sequence above <paramref name="sequence"/> that deletes the key; 0 if none does.</summary>
    public ulong LowestCoveringAbove(ReadOnlySpan<byte> key, ulong sequence)
    {
        int index = IndexOfFirstEndingBehind(key);
        if (index == _fragments.Length || _fragments[index].Start.Span.SequenceCompareTo(key) > 0)
        {
            return 0;
        }

        ulong[] sequences = _fragments[index].Sequences;
        for (int i = sequences.Length - 1; i >= 0; i--)
        {
            if (sequences[i] > sequence)
            {
                return sequences[i];
            }
        }

        return 0;
    }

    /// <summary>Adds all tombstones, in key order, newest first within a fragment.</summary>
    public void AddTo(List<RangeTombstone> target)
    {
        foreach (Fragment fragment in _fragments)
        {
            foreach (ulong sequence in fragment.Sequences)
            {
                target.Add(new RangeTombstone(fragment.Start, fragment.End, sequence));
            }
        }
    }

    // Puts the fragments, which all overlap the tombstone, and the tombstone into the target, in order and without overlap.
    private static void Cut(IReadOnlyList<Fragment> overlapping, in RangeTombstone tombstone, List<Fragment> target)
    {
        ReadOnlyMemory<byte> at = tombstone.Start;
        ulong[] alone = [tombstone.Sequence];
        for (int i = 0; i < overlapping.Count; i++)
        {
            Fragment fragment = overlapping[i];
            ReadOnlyMemory<byte> start = fragment.Start;
            if (start.Span.SequenceCompareTo(at.Span) < 0)
            {
                target.Add(fragment with { End = at });
                start = at;
            }
            else if (at.Span.SequenceCompareTo(start.Span) < 0)
            {
                target.Add(new Fragment(at, start, alone));
            }

            bool reachesBeyond = fragment.End.Span.SequenceCompareTo(tombstone.End.Span) > 0;
            ReadOnlyMemory<byte> end = reachesBeyond ? tombstone.End : fragment.End;
            target.Add(new Fragment(start, end, WithSequence(fragment.Sequences, tombstone.Sequence)));
            if (reachesBeyond)
            {
                target.Add(fragment with { Start = end });
            }

            at = end;
        }

        if (at.Span.SequenceCompareTo(tombstone.End.Span) < 0)
        {
            target.Add(new Fragment(at, tombstone.End, alone));
        }
    }

    private static ulong[] WithSequence(ulong[] sequences, ulong added)
    {
        int place = 0;
        while (place < sequences.Length && sequences[place] > added)
        {
            place++;
        }

        return place < sequences.Length && sequences[place] == added
            ? sequences
            : [.. sequences.AsSpan(0, place), added, .. sequences.AsSpan(place)];
    }

    private int IndexOfFirstEndingBehind(ReadOnlySpan<byte> key)
    {
        int low = 0;
        int high = _fragments.Length;
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high) >> 1);
            if (_fragments[middle].End.Span.SequenceCompareTo(key) <= 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <param name="Start">First key.</param>
    /// <param name="End">First key behind.</param>
    /// <param name="Sequences">Highest first.</param>
    private sealed record Fragment(ReadOnlyMemory<byte> Start, ReadOnlyMemory<byte> End, ulong[] Sequences);
}
