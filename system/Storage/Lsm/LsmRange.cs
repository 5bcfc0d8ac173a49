namespace SimGraph.Storage.Lsm;

/// <summary>The keys in [Start, End).</summary>
/// <param name="Start">First key; null for no lower bound.</param>
/// <param name="End">First key behind; null for no upper bound.</param>
public readonly record struct LsmRange(ReadOnlyMemory<byte>? Start, ReadOnlyMemory<byte>? End)
{
    /// <summary>All keys.</summary>
    public static LsmRange All => default;

    /// <summary>All keys that begin with a prefix.</summary>
    public static LsmRange Prefix(ReadOnlyMemory<byte> prefix) => new(prefix, EndOfPrefix(prefix.Span));

    /// <summary>True if the key lies in the range.</summary>
    public bool Contains(ReadOnlySpan<byte> key) => !IsBefore(key) && !IsBehind(key);

    /// <summary>True if the key lies below the range.</summary>
    internal bool IsBefore(ReadOnlySpan<byte> key) => Start is { } start && key.SequenceCompareTo(start.Span) < 0;

    /// <summary>True if the key lies above the range.</summary>
    internal bool IsBehind(ReadOnlySpan<byte> key) => End is { } end && key.SequenceCompareTo(end.Span) >= 0;

    // The prefix with its last byte below 255 raised by one and what follows cut off. A null array would become empty memory: hence the casts.
    internal static ReadOnlyMemory<byte>? EndOfPrefix(ReadOnlySpan<byte> prefix)
    {
        int last = prefix.LastIndexOfAnyExcept((byte)255);
        if (last < 0)
        {
            return (ReadOnlyMemory<byte>?)null;
        }

        byte[] end = prefix[..(last + 1)].ToArray();
        end[last]++;
        return (ReadOnlyMemory<byte>?)new ReadOnlyMemory<byte>(end);
    }
}
