// Which tables make up the tree. Immutable; a change makes a new version, and readers keep the one they began with. Level 0 holds flushed memtables,
// which overlap, newest first; in each level below, the tables are in key order and no key lies in two of them.
//
// What a newer level says about a key is newer than what an older one says: tables move down only together with everything they overlap.

namespace SimGraph.Storage.Lsm.Versions;

/// <summary>The tables of each level.</summary>
internal sealed class TreeVersion
{
    public TreeVersion(IReadOnlyList<IReadOnlyList<LsmTable>> levels)
    {
        var copies = new LsmTable[levels.Count][];
        for (int level = 0; level < copies.Length; level++)
        {
            copies[level] = [.. levels[level]];
        }

        Levels = copies;
    }

    /// <summary>Tables of each level: the first newest first, the others in key order.</summary>
    public LsmTable[][] Levels { get; }

    /// <summary>Who uses it. Guarded by the tree's lock.</summary>
    public int References { get; set; }

    public static TreeVersion Empty(int levels)
    {
        var empty = new LsmTable[levels][];
        Array.Fill(empty, []);
        return new TreeVersion(empty);
    }

    public long BytesOf(int level)
    {
        long bytes = 0;
        foreach (LsmTable table in Levels[level])
        {
            bytes += table.Summary.Length;
        }

        return bytes;
    }

    /// <summary>Index of the first table of a level below the first whose largest key is not below the key; the level's length if there is none.</summary>
    public static int FirstReaching(LsmTable[] tables, ReadOnlySpan<byte> key)
    {
        int low = 0;
        int high = tables.Length;
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high) >> 1);
            if (tables[middle].Summary.LargestKey.Span.SequenceCompareTo(key) < 0)
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

    /// <summary>Adds the tables of a level that overlap the keys.</summary>
    public void AddOverlapping(int level, ReadOnlySpan<byte> smallest, ReadOnlySpan<byte> largest, List<LsmTable> target)
    {
        foreach (LsmTable table in Levels[level])
        {
            if (table.Overlaps(smallest, largest))
            {
                target.Add(table);
            }
        }
    }

    /// <summary>True if a level from <paramref name="firstLevel"/> on may hold something about the keys.</summary>
    public bool AnyOverlapping(int firstLevel, ReadOnlySpan<byte> smallest, ReadOnlySpan<byte> largest)
    {
        for (int level = firstLevel; level < Levels.Length; level++)
        {
            LsmTable[] tables = Levels[level];
            int first = level == 0 ? 0 : FirstReaching(tables, smallest);
            for (int i = first; i < tables.Length && (level == 0 || i <= first); i++)
            {
                if (tables[i].Overlaps(smallest, largest))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The version after an edit, sharing the tables that stay.</summary>
    public TreeVersion After(VersionEdit edit)
    {
        var levels = new List<LsmTable>[Levels.Length];
        for (int level = 0; level < levels.Length; level++)
        {
            levels[level] = [.. Levels[level]];
        }

        foreach ((int level, ulong number) in edit.Removed)
        {
            int removed = levels[level].RemoveAll(table => table.Number == number);
            Runtime.Invariant.Check(removed == 1, "an edit removes tables that are there");
        }

        foreach ((int level, LsmTable table) in edit.Added)
        {
            levels[level].Add(table);
        }

        levels[0].Sort(static (left, right) => right.Number.CompareTo(left.Number));
        for (int level = 1; level < levels.Length; level++)
        {
            levels[level].Sort(CompareByKeys);
        }

        return new TreeVersion(levels);
    }

    /// <summary>What is wrong with the order of a level's tables; null if nothing is.</summary>
    public string? DisorderOf(int level)
    {
        LsmTable[] tables = Levels[level];
        for (int i = 1; i < tables.Length; i++)
        {
            bool inOrder = level == 0
                ? tables[i - 1].Number > tables[i].Number
                : tables[i - 1].Summary.LargestKey.Span.SequenceCompareTo(tables[i].Summary.SmallestKey.Span) <= 0;
            if (!inOrder)
            {
                return $"tables {tables[i - 1].Number} and {tables[i].Number} of level {level} overlap";
            }
        }

        return null;
    }

    private static int CompareByKeys(LsmTable left, LsmTable right)
    {
        int order = left.Summary.SmallestKey.Span.SequenceCompareTo(right.Summary.SmallestKey.Span);
        return order != 0 ? order : left.Summary.LargestKey.Span.SequenceCompareTo(right.Summary.LargestKey.Span);
    }
}
