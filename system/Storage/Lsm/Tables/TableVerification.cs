namespace SimGraph.Storage.Lsm.Tables;

/// <summary>One pass over all versions of a table: their order, what separates their blocks, the filter and the counts. Not thread-safe.</summary>
internal sealed class TableVerification(string path, TableParts parts)
{
    private byte[] _key = [];
    private ulong _sequence;
    private byte[] _firstKey = [];
    private long _entries;
    private long _deletes;
    private long _keyBytes;
    private long _valueBytes;
    private ulong _smallestSequence = ulong.MaxValue;
    private ulong _largestSequence;

    /// <summary>Takes the next block.</summary>
    /// <exception cref="LsmCorruptException">Something in it does not hold.</exception>
    public void Add(int index, TableBlock block)
    {
        int restart = 0;
        int sinceRestart = 0;
        int keyLengthBefore = 0;
        Check(block.Start < block.End, block, "it is empty");
        for (int position = block.Start; position < block.End;)
        {
            bool isRestart = restart < block.RestartCount && block.RestartAt(restart) == position;
            restart += isRestart ? 1 : 0;
            sinceRestart = isRestart ? 1 : sinceRestart + 1;
            Check(sinceRestart <= TableLimits.RestartIntervalMax, block, "a restart point is missing");
            block.Read(position, isRestart ? 0 : keyLengthBefore, out TableEntry entry);
            byte[] key = [.. _key.AsSpan(0, entry.Shared), .. block.Array.AsSpan(entry.KeyOffset, entry.Unshared)];
            Check(isRestart || entry.Shared == _key.AsSpan().CommonPrefixLength(key), block, "an entry shares more with the one before than it says");
            if (position == block.Start)
            {
                CheckSeparator(index, block, key, entry.Sequence);
            }

            Check(
                _entries == 0 || InternalOrder.Compare(_key, _sequence, key, entry.Sequence) < 0, block, "its versions are out of order");
            Check(parts.Filter.MayContain(BloomFilter.HashOf(key)), block, "the filter denies one of its keys");
            Count(key, entry);
            keyLengthBefore = key.Length;
            position = entry.Next;
        }

        Check(restart == block.RestartCount, block, "a restart point is not an entry");
    }

    /// <summary>All blocks were taken.</summary>
    /// <exception cref="LsmCorruptException">The counts are not those of the properties.</exception>
    public void End()
    {
        byte[] smallest = _firstKey;
        byte[] largest = _key;
        for (int index = 0; index < parts.RangeTombstones.Count; index++)
        {
            RangeTombstone tombstone = parts.RangeTombstones[index];
            bool isOnly = _entries == 0 && index == 0;
            smallest = isOnly || tombstone.Start.Span.SequenceCompareTo(smallest) < 0 ? tombstone.Start.ToArray() : smallest;
            largest = isOnly || tombstone.End.Span.SequenceCompareTo(largest) > 0 ? tombstone.End.ToArray() : largest;
            _smallestSequence = Math.Min(_smallestSequence, tombstone.Sequence);
            _largestSequence = Math.Max(_largestSequence, tombstone.Sequence);
        }

        TableSummary summary = parts.Summary;
        bool fits = summary.Entries == _entries && summary.Deletes == _deletes
            && summary.RawKeyBytes == _keyBytes && summary.RawValueBytes == _valueBytes
            && summary.SmallestSequence == _smallestSequence && summary.LargestSequence == _largestSequence
            && summary.SmallestKey.Span.SequenceEqual(smallest) && summary.LargestKey.Span.SequenceEqual(largest);
        if (!fits)
        {
            throw new LsmCorruptException(path, summary.Length, "the properties are not those of what the table holds");
        }
    }

    private void CheckSeparator(int index, TableBlock block, byte[] key, ulong sequence)
    {
        ReadOnlySpan<byte> separator = parts.Index.KeyOf(index);
        ulong separatorSequence = parts.Index.SequenceOf(index);
        Check(
            InternalOrder.Compare(separator, separatorSequence, key, sequence) <= 0
                && (index == 0 || InternalOrder.Compare(_key, _sequence, separator, separatorSequence) < 0),
            block,
            "its separator does not separate it from the one before");
    }

    private void Count(byte[] key, in TableEntry entry)
    {
        if (_entries == 0)
        {
            _firstKey = key;
        }

        _key = key;
        _sequence = entry.Sequence;
        _entries++;
        _deletes += entry.Kind == EntryKind.Delete ? 1 : 0;
        _keyBytes += key.Length;
        _valueBytes += entry.ValueLength;
        _smallestSequence = Math.Min(_smallestSequence, entry.Sequence);
        _largestSequence = Math.Max(_largestSequence, entry.Sequence);
    }

    private static void Check(bool condition, TableBlock block, string reason)
    {
        if (!condition)
        {
            throw block.NewDamage(reason);
        }
    }
}
