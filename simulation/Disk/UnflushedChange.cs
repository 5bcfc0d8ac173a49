namespace SimGraph.Simulation.Disk;

/// <summary>A write, or a new length, that no flush has covered yet.</summary>
/// <param name="Sequence">Ascending within a file.</param>
/// <param name="Offset">Where it writes; for a new length, that length.</param>
/// <param name="BytesAt">Where its bytes lie in the file's buffer of unflushed bytes; -1 for a new length.</param>
/// <param name="Count">How many.</param>
internal readonly record struct UnflushedChange(long Sequence, long Offset, int BytesAt, int Count)
{
    internal bool IsWrite => BytesAt >= 0;

    internal long End => Offset + Count;
}
