using SimGraph.Runtime.Disk;
using SimGraph.Storage.Lsm.Tables;
using SimGraph.Storage.Lsm.Versions;

namespace SimGraph.Storage.Lsm.Tree;

/// <summary>Reads every table of a version that is held, and compares it with the manifest.</summary>
internal static class TreeVerifier
{
    public static async Task<LsmVerification> VerifyAsync(TableShelf shelf, TreeVersion version, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        int tables = 0;
        long entries = 0;
        long bytes = 0;
        for (int level = 0; level < version.Levels.Length; level++)
        {
            if (version.DisorderOf(level) is { } disorder)
            {
                problems.Add(disorder);
            }

            foreach (LsmTable table in version.Levels[level])
            {
                tables++;
                entries += table.Summary.Entries;
                bytes += table.Summary.Length;
                if (await WhatIsWrongAsync(shelf, table, cancellationToken) is { } problem)
                {
                    problems.Add(problem);
                }
            }
        }

        return new LsmVerification(tables, entries, bytes, problems);
    }

    private static async Task<string?> WhatIsWrongAsync(TableShelf shelf, LsmTable table, CancellationToken cancellationToken)
    {
        try
        {
            TableReader? reader = await shelf.LeaseAsync(table, cancellationToken);
            Runtime.Invariant.Check(reader is not null, "a version that is held keeps its tables");
            try
            {
                await reader.VerifyAsync(cancellationToken);
                return AreEqual(reader.Summary, table.Summary) ? null : $"{shelf.PathOf(table.Number)}: the manifest says something else of it";
            }
            finally
            {
                table.Return();
            }
        }
        catch (LsmCorruptException exception)
        {
            return exception.Message;
        }
        catch (DiskException exception)
        {
            return exception.Message;
        }
    }

    private static bool AreEqual(TableSummary left, TableSummary right) =>
        left with { SmallestKey = default, LargestKey = default } == right with { SmallestKey = default, LargestKey = default }
        && left.SmallestKey.Span.SequenceEqual(right.SmallestKey.Span)
        && left.LargestKey.Span.SequenceEqual(right.LargestKey.Span);
}
