namespace SimGraph.Storage.Lsm.Tables;

/// <summary>The order of versions: keys ascending as unsigned bytes, then the highest sequence first.</summary>
internal static class InternalOrder
{
    /// <summary>Below 0 if the first is before the second, 0 if they are the same version, above 0 if it is behind.</summary>
    public static int Compare(ReadOnlySpan<byte> key, ulong sequence, ReadOnlySpan<byte> otherKey, ulong otherSequence)
    {
        int order = key.SequenceCompareTo(otherKey);
        return order != 0 ? order : otherSequence.CompareTo(sequence);
    }
}
