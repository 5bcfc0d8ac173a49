namespace SimGraph.Storage.Lsm.Tables;

/// <summary>Collects the index of a table being written. Not thread-safe.</summary>
internal sealed class TableIndexBuilder
{
    private readonly OutputBuffer _entries = new(4 << 10);
    private byte[] _separator = [];
    private ulong _separatorAge;

    /// <summary>Number of blocks so far.</summary>
    public int Count { get; private set; }

    /// <summary>A block of this length was written; the next begins behind <paramref name="last"/> and with <paramref name="next"/>.</summary>
    public void Add(int blockBytes, ReadOnlySpan<byte> last, ReadOnlySpan<byte> next, ulong nextSequence)
    {
        AddLast(blockBytes);

        // The shortest key behind the last one that does not lie behind the next. If both are versions of one key, only the sequence separates them.
        int common = last.CommonPrefixLength(next);
        bool isSameKey = common == next.Length;
        _separator = isSameKey ? next.ToArray() : next[..(common + 1)].ToArray();
        _separatorAge = isSameKey ? ulong.MaxValue - nextSequence : 0;
    }

    /// <summary>A block of this length was written, behind which there is none.</summary>
    public void AddLast(int blockBytes)
    {
        _entries.WriteVarint((uint)blockBytes);
        _entries.WriteVarint((uint)_separator.Length);
        _entries.WriteVarint(_separatorAge);
        _entries.Write(_separator);
        Count++;
    }

    public void WriteTo(OutputBuffer target)
    {
        target.WriteUInt32((uint)Count);
        target.Write(_entries.From(0));
    }
}
