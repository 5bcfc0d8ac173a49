// Which compaction is due: levelled, after LevelDB. The level that exceeds its size by most goes first; level 0 counts tables, because every read
// looks at each of them. Level 0 goes down whole, since its tables overlap; of the others one table does, and the next time the one behind it.
// Pure.

using SimGraph.Storage.Lsm.Versions;

namespace SimGraph.Storage.Lsm.Compaction;

/// <summary>Picks compactions.</summary>
internal static class CompactionPicker
{
    /// <summary>The compaction that is needed most; null if none is.</summary>
    public static CompactionPlan? PickNeeded(TreeVersion version, LsmOptions options, Func<int, ReadOnlyMemory<byte>> pointerOf)
    {
        int best = -1;
        double bestScore = 1;
        for (int level = 0; level < version.Levels.Length - 1; level++)
        {
            double score = ScoreOf(version, options, level);
            if (score >= bestScore && (best < 0 || score > bestScore))
            {
                best = level;
                bestScore = score;
            }
        }

        if (best < 0)
        {
            return null;
        }

        LsmTable[] tables = version.Levels[best];
        return best == 0
            ? PlanOf(version, 0, 1, tables)
            : PlanOf(version, best, best + 1, [NextOf(tables, pointerOf(best))]);
    }

    /// <summary>Above 1, a level needs compaction.</summary>
    public static double ScoreOf(TreeVersion version, LsmOptions options, int level) => level == 0
        ? (double)version.Levels[0].Length / options.LevelZeroCompactionTables
        : version.BytesOf(level) / options.BytesMaxOf(level);

    /// <summary>The next step that brings everything of a range down to one level and rids that of deletes; null when it is done.</summary>
    /// <param name="version">The present version.</param>
    /// <param name="range">Keys concerned.</param>
    /// <param name="firstLevel">Levels above are done; raised by this call.</param>
    public static CompactionPlan? PickManual(TreeVersion version, LsmRange range, ref int firstLevel)
    {
        int bottom = -1;
        for (int level = 0; level < version.Levels.Length; level++)
        {
            bottom = InRange(version, level, range).Length > 0 ? level : bottom;
        }

        bottom = bottom == 0 ? 1 : bottom;
        while (firstLevel < bottom)
        {
            int level = firstLevel++;
            LsmTable[] upper = InRange(version, level, range);
            if (upper.Length > 0)
            {
                return PlanOf(version, level, level + 1, level == 0 ? version.Levels[0] : upper);
            }
        }

        if (firstLevel > bottom || bottom < 0)
        {
            return null;
        }

        firstLevel++;
        LsmTable[] last = InRange(version, bottom, range);
        bool needsCleaning = Array.Exists(last, static table => table.Summary.Deletes > 0 || table.Summary.RangeTombstones > 0);
        return needsCleaning ? new CompactionPlan(bottom, bottom, last, [], MovesOnly: false) : null;
    }

    private static LsmTable NextOf(LsmTable[] tables, ReadOnlyMemory<byte> pointer)
    {
        if (!pointer.IsEmpty)
        {
            foreach (LsmTable table in tables)
            {
                if (table.Summary.SmallestKey.Span.SequenceCompareTo(pointer.Span) > 0)
                {
                    return table;
                }
            }
        }

        return tables[0];
    }

    private static LsmTable[] InRange(TreeVersion version, int level, LsmRange range) => Array.FindAll(
        version.Levels[level],
        table => !range.IsBefore(table.Summary.LargestKey.Span) && !range.IsBehind(table.Summary.SmallestKey.Span));

    private static CompactionPlan PlanOf(TreeVersion version, int level, int outputLevel, LsmTable[] upper)
    {
        ReadOnlyMemory<byte> smallest = upper[0].Summary.SmallestKey;
        ReadOnlyMemory<byte> largest = upper[0].Summary.LargestKey;
        bool hasDeletes = false;
        foreach (LsmTable table in upper)
        {
            smallest = table.Summary.SmallestKey.Span.SequenceCompareTo(smallest.Span) < 0 ? table.Summary.SmallestKey : smallest;
            largest = table.Summary.LargestKey.Span.SequenceCompareTo(largest.Span) > 0 ? table.Summary.LargestKey : largest;
            hasDeletes |= table.Summary.Deletes > 0 || table.Summary.RangeTombstones > 0;
        }

        var lower = new List<LsmTable>();
        version.AddOverlapping(outputLevel, smallest.Span, largest.Span, lower);

        // Deletes that arrive where nothing lies below would stay there for ever if they were not written again.
        bool deletesEnd = hasDeletes && !version.AnyOverlapping(outputLevel + 1, smallest.Span, largest.Span);
        bool movesOnly = lower.Count == 0 && !deletesEnd && AreDisjoint(upper);
        return new CompactionPlan(level, outputLevel, upper, [.. lower], movesOnly);
    }

    private static bool AreDisjoint(LsmTable[] tables)
    {
        if (tables.Length == 1)
        {
            return true;
        }

        LsmTable[] sorted = [.. tables];
        Array.Sort(sorted, static (left, right) => left.Summary.SmallestKey.Span.SequenceCompareTo(right.Summary.SmallestKey.Span));
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i - 1].Summary.LargestKey.Span.SequenceCompareTo(sorted[i].Summary.SmallestKey.Span) >= 0)
            {
                return false;
            }
        }

        return true;
    }
}
