using SimGraph.Storage.Graph;
using SimGraph.Storage.Lsm;

namespace SimGraph.Properties.Storage.Graph;

/// <summary>Makes one pair of a sound store wrong, behind its back: a verification must notice whichever it is.</summary>
internal static class GraphDamage
{
    /// <param name="graph">Of no use afterwards.</param>
    /// <param name="number">Decides which pair, and what becomes of it.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="StorageViolationException">It was not noticed.</exception>
    public static async Task CheckNoticedAsync(LoggedGraph graph, ulong number, CancellationToken stop)
    {
        var pairs = new List<(byte[] Key, byte[] Value)>();
        await using (LsmCursor cursor = graph.Tree.OpenCursor(LsmRange.All, null))
        {
            await cursor.MoveToFirstAsync(stop);
            while (cursor.IsValid)
            {
                if (!cursor.Key.Span.SequenceEqual(LoggedGraph.AppliedKey))
                {
                    pairs.Add((cursor.Key.ToArray(), cursor.Value.ToArray()));
                }

                await cursor.MoveNextAsync(stop);
            }
        }

        if (pairs.Count == 0)
        {
            return;
        }

        (byte[] key, byte[] value) = pairs[(int)(number / 2 % (ulong)pairs.Count)];
        byte[] beside = [.. key[..^1], (byte)(key[^1] ^ 1)];
        bool isAdded = number % 2 == 0 && !pairs.Exists(pair => pair.Key.AsSpan().SequenceEqual(beside));
        var batch = new WriteBatch();
        if (isAdded)
        {
            batch.Put(beside, value);
        }
        else
        {
            batch.Delete(key);
        }

        await graph.Tree.ApplyAsync(batch, graph.Tree.LastSequence + 1, stop);
        try
        {
            if ((await graph.Store.VerifyAsync(stop)).IsSound)
            {
                throw new StorageViolationException(
                    "graph.damage-unnoticed", $"a verification finds everything sound, and pair {Convert.ToHexString(isAdded ? beside : key)} was {(isAdded ? "added" : "taken away")}");
            }
        }
        catch (GraphStoreCorruptException)
        {
            // It does not even get to its end.
        }
    }
}
