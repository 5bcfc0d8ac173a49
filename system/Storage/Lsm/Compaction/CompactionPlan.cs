using SimGraph.Storage.Lsm.Versions;

namespace SimGraph.Storage.Lsm.Compaction;

/// <summary>Which tables become which level's.</summary>
/// <param name="Level">Level of the upper tables.</param>
/// <param name="OutputLevel">Level of the lower tables and of what comes out: the next one, or the same to clean a bottom level.</param>
/// <param name="Upper">Tables of <see cref="Level"/>, in that level's order.</param>
/// <param name="Lower">All tables of <see cref="OutputLevel"/> that they overlap, in key order.</param>
/// <param name="MovesOnly">True if the upper tables can go down as they are.</param>
internal sealed record CompactionPlan(int Level, int OutputLevel, LsmTable[] Upper, LsmTable[] Lower, bool MovesOnly)
{
    public long BytesIn
    {
        get
        {
            long bytes = 0;
            foreach (LsmTable table in Upper)
            {
                bytes += table.Summary.Length;
            }

            foreach (LsmTable table in Lower)
            {
                bytes += table.Summary.Length;
            }

            return bytes;
        }
    }

    /// <summary>Largest key of the upper tables.</summary>
    public ReadOnlyMemory<byte> LargestKey
    {
        get
        {
            ReadOnlyMemory<byte> largest = Upper[0].Summary.LargestKey;
            foreach (LsmTable table in Upper)
            {
                largest = table.Summary.LargestKey.Span.SequenceCompareTo(largest.Span) > 0 ? table.Summary.LargestKey : largest;
            }

            return largest;
        }
    }
}
