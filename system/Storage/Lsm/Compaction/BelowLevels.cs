using SimGraph.Storage.Lsm.Versions;

namespace SimGraph.Storage.Lsm.Compaction;

/// <summary>The tables below a compaction's output. Keys are asked for in ascending order, so each level is passed once.</summary>
internal sealed class BelowLevels(TreeVersion version, int firstLevel)
{
    private readonly int[] _places = new int[version.Levels.Length];

    /// <summary>True if a table below may hold the key. Keys ascend from call to call.</summary>
    public bool MayHold(ReadOnlySpan<byte> key)
    {
        for (int level = firstLevel; level < version.Levels.Length; level++)
        {
            LsmTable[] tables = version.Levels[level];
            ref int place = ref _places[level];
            while (place < tables.Length && tables[place].Summary.LargestKey.Span.SequenceCompareTo(key) < 0)
            {
                place++;
            }

            if (place < tables.Length && tables[place].Summary.SmallestKey.Span.SequenceCompareTo(key) <= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True if a table below may hold something in the range.</summary>
    public bool MayHoldAny(ReadOnlySpan<byte> start, ReadOnlySpan<byte> end) => version.AnyOverlapping(firstLevel, start, end);
}
