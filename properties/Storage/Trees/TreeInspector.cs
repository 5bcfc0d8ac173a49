// Compares a tree with its specification in all the ways in which it can be read.

using System.Globalization;
using SimGraph.Storage.Lsm;

namespace SimGraph.Properties.Storage.Trees;

/// <summary>Says how a tree differs from what it must hold.</summary>
internal static class TreeInspector
{
    private const int SeekStride = 7;

    /// <summary>Reads it in every way.</summary>
    /// <exception cref="StorageViolationException">It differs.</exception>
    public static async Task CheckAsync(LsmTree tree, TreeContent expected, LsmSnapshot? at, CancellationToken stop)
    {
        await CheckGetsAsync((key, token) => tree.GetAsync(key, at, token), expected, stop);
        foreach (bool backward in (bool[])[false, true])
        {
            await using LsmCursor cursor = tree.OpenCursor(LsmRange.All, at);
            await CheckCursorAsync(cursor, expected, backward, stop);
        }
    }

    /// <summary>Reads all of it once.</summary>
    public static async Task ScanAsync(LsmTree tree, TreeContent expected, bool backward, CancellationToken stop)
    {
        await using LsmCursor cursor = tree.OpenCursor(LsmRange.All, null);
        await CheckCursorAsync(cursor, expected, backward, stop);
    }

    /// <summary>Reads every key, those that do not exist, too.</summary>
    public static async Task CheckGetsAsync(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<LsmValue>> get, TreeContent expected, CancellationToken stop)
    {
        for (int number = 0; number < TreeKeys.Count; number++)
        {
            string key = TreeKeys.Of(number);
            LsmValue found = await get(TreeKeys.BytesOf(key), stop);
            bool exists = expected.Pairs.TryGetValue(key, out TreeValue value);
            if (found.Found != exists || (exists && !value.IsSame(found.Value.Span)))
            {
                throw new StorageViolationException("lsm.wrong-answer", $"key {number} {Shown(exists, value)}, but it was read as {Shown(found.Found, found.Value)}");
            }
        }
    }

    /// <summary>Seeks in ranges, from both sides, to keys in them, before them and behind them.</summary>
    public static async Task CheckSeeksAsync(LsmTree tree, TreeContent expected, CancellationToken stop)
    {
        for (int number = 0; number < TreeKeys.Count; number += SeekStride)
        {
            string[] bounds = [TreeKeys.Of(number), TreeKeys.Of((number * 5) + 11)];
            Array.Sort(bounds, StringComparer.Ordinal);
            string sought = TreeKeys.Of((number * 3) + 2);
            await using LsmCursor cursor = tree.OpenCursor(new LsmRange(TreeKeys.BytesOf(bounds[0]), TreeKeys.BytesOf(bounds[1])), null);
            KeyValuePair<string, TreeValue>[] pairs = [.. expected.Pairs.Where(pair => string.CompareOrdinal(bounds[0], pair.Key) <= 0 && string.CompareOrdinal(pair.Key, bounds[1]) < 0)];
            await cursor.SeekAsync(TreeKeys.BytesOf(sought), stop);
            CheckSought(cursor, [.. pairs.Where(pair => string.CompareOrdinal(sought, pair.Key) <= 0).Take(1)]);
            await cursor.SeekBackwardAsync(TreeKeys.BytesOf(sought), stop);
            CheckSought(cursor, [.. pairs.Where(pair => string.CompareOrdinal(pair.Key, sought) <= 0).TakeLast(1)]);
        }
    }

    private static void CheckSought(LsmCursor cursor, KeyValuePair<string, TreeValue>[] expected)
    {
        if (expected.Length > 0)
        {
            CheckShown(cursor, expected[0]);
        }
        else if (cursor.IsValid)
        {
            throw new StorageViolationException("lsm.wrong-seek", $"a cursor shows {Name(cursor.Key)} where nothing lies");
        }
    }

    /// <summary>Moves a cursor through everything.</summary>
    public static async Task CheckCursorAsync(LsmCursor cursor, TreeContent expected, bool backward, CancellationToken stop)
    {
        if (backward)
        {
            await cursor.MoveToLastAsync(stop);
        }
        else
        {
            await cursor.MoveToFirstAsync(stop);
        }

        IEnumerable<KeyValuePair<string, TreeValue>> pairs = backward ? expected.Pairs.Reverse() : expected.Pairs;
        foreach (KeyValuePair<string, TreeValue> pair in pairs)
        {
            CheckShown(cursor, pair);
            await MoveAsync(cursor, backward, stop);
        }

        if (cursor.IsValid)
        {
            throw new StorageViolationException("lsm.wrong-scan", $"a cursor shows {Name(cursor.Key)} behind all that exists");
        }
    }

    /// <summary>Compares what a cursor shows.</summary>
    public static void CheckShown(LsmCursor cursor, KeyValuePair<string, TreeValue> expected)
    {
        if (!cursor.IsValid || TreeKeys.TextOf(cursor.Key.Span) != expected.Key || !expected.Value.IsSame(cursor.Value.Span))
        {
            string shown = cursor.IsValid ? $"{Name(cursor.Key)} {Shown(true, cursor.Value)}" : "nothing";
            throw new StorageViolationException("lsm.wrong-scan", $"a cursor shows {shown}, expected is {Name(TreeKeys.BytesOf(expected.Key))} {Shown(true, expected.Value)}");
        }
    }

    public static async ValueTask MoveAsync(LsmCursor cursor, bool backward, CancellationToken stop)
    {
        if (backward)
        {
            if (!cursor.TryMovePrevious())
            {
                await cursor.MovePreviousAsync(stop);
            }
        }
        else if (!cursor.TryMoveNext())
        {
            await cursor.MoveNextAsync(stop);
        }
    }

    private static string Name(ReadOnlyMemory<byte> key) => Convert.ToHexString(key.Span[^Math.Min(4, key.Length)..]);

    private static string Shown(bool exists, TreeValue value) =>
        exists ? string.Create(CultureInfo.InvariantCulture, $"has value {value.Seed}x{value.Size}") : "does not exist";

    private static string Shown(bool exists, ReadOnlyMemory<byte> value) =>
        exists ? string.Create(CultureInfo.InvariantCulture, $"{value.Length} bytes {Convert.ToHexString(value.Span[..Math.Min(4, value.Length)])}") : "absent";
}
