namespace SimGraph.Storage.Lsm;

/// <summary>Hides all versions of the keys in [Start, End) whose sequence is below its own.</summary>
/// <param name="Start">First key hidden.</param>
/// <param name="End">First key behind; above <paramref name="Start"/>.</param>
/// <param name="Sequence">Sequence number of the batch that deleted the range. Versions of that batch itself stay.</param>
internal readonly record struct RangeTombstone(ReadOnlyMemory<byte> Start, ReadOnlyMemory<byte> End, ulong Sequence)
{
    /// <summary>True if the key lies in the range.</summary>
    public bool Covers(ReadOnlySpan<byte> key) => Start.Span.SequenceCompareTo(key) <= 0 && key.SequenceCompareTo(End.Span) < 0;

    /// <summary>True if it hides this version of the key.</summary>
    public bool Hides(ReadOnlySpan<byte> key, ulong sequence) => sequence < Sequence && Covers(key);
}
