using System.Collections.Immutable;
using System.Globalization;
using SimGraph.Storage.Lsm;

namespace SimGraph.Properties.Storage.Trees;

/// <summary>What a key-value store must hold, and what it may hold besides. Immutable.</summary>
/// <param name="Certain">What was acknowledged, up to the first write that was not.</param>
/// <param name="Pending">The writes behind it, in the order of their calls: those that were acknowledged are there.</param>
/// <param name="Past">What was certain before, newest last: for damage that takes an end away.</param>
/// <param name="Next">Number of the next write.</param>
internal sealed record KeyValueExpectation(TreeContent Certain, ImmutableList<PendingBatch> Pending, ImmutableList<TreeContent> Past, ulong Next)
{
    public static KeyValueExpectation Nothing { get; } = new(TreeContent.Empty, [], [], 1);

    /// <summary>A write begins.</summary>
    public KeyValueExpectation Begin(IReadOnlyList<PlannedChange> changes) =>
        this with { Pending = Pending.Add(new PendingBatch(Next, changes, false)), Next = Next + 1 };

    /// <summary>A write was acknowledged.</summary>
    public KeyValueExpectation Acknowledge(ulong number)
    {
        int index = Pending.FindIndex(write => write.Number == number);
        return (this with { Pending = Pending.SetItem(index, Pending[index] with { IsAcknowledged = true }) }).Settled();
    }

    /// <summary>A write was refused: nothing of it may ever be there.</summary>
    public KeyValueExpectation Refuse(ulong number) => (this with { Pending = Pending.RemoveAll(write => write.Number == number) }).Settled();

    /// <summary>This is what a store was found to hold, and from then on it is certain.</summary>
    public KeyValueExpectation Found(TreeContent content) => this with { Certain = content, Pending = [], Past = Past.Count > 200 ? [] : Past };

    /// <summary>What the store must hold, given all that it holds.</summary>
    /// <exception cref="StorageViolationException">It cannot be.</exception>
    public TreeContent Find(IReadOnlyList<KeyValuePair<string, byte[]>> held)
    {
        foreach (TreeContent candidate in Candidates())
        {
            if (IsSame(candidate, held))
            {
                return candidate;
            }
        }

        bool isOlder = Past.Exists(past => IsSame(past, held));
        throw new StorageViolationException(
            isOlder ? "kv.acknowledged-lost" : "kv.impossible-content",
            string.Create(CultureInfo.InvariantCulture, $"the store holds {held.Count} keys that are neither what was acknowledged ({Certain.Pairs.Count} keys) nor that and some of {Pending.Count} writes: {string.Join("; ", Pending.Select(static write => $"{(write.IsAcknowledged ? "!" : "?")}{{{string.Join(" ", write.Changes)}}}"))}"));
    }

    public static bool IsSame(TreeContent content, IReadOnlyList<KeyValuePair<string, byte[]>> held)
    {
        if (content.Pairs.Count != held.Count)
        {
            return false;
        }

        int index = 0;
        foreach (KeyValuePair<string, TreeValue> pair in content.Pairs)
        {
            if (pair.Key != held[index].Key || !pair.Value.IsSame(held[index].Value))
            {
                return false;
            }

            index++;
        }

        return true;
    }

    /// <summary>Reads all.</summary>
    public static async Task<IReadOnlyList<KeyValuePair<string, byte[]>>> ReadAsync(LsmTree tree, CancellationToken stop)
    {
        var held = new List<KeyValuePair<string, byte[]>>();
        await using LsmCursor cursor = tree.OpenCursor(LsmRange.All, null);
        await cursor.MoveToFirstAsync(stop);
        while (cursor.IsValid)
        {
            held.Add(new KeyValuePair<string, byte[]>(TreeKeys.TextOf(cursor.Key.Span), cursor.Value.ToArray()));
            await TreeInspector.MoveAsync(cursor, backward: false, stop);
        }

        return held;
    }

    // Any number of the writes, in order; and without a run of them, that of a group which found no room and whose callers have not heard of it yet.
    private IEnumerable<TreeContent> Candidates()
    {
        for (int hole = 0; hole <= Pending.Count; hole++)
        {
            for (int behind = hole; behind <= Pending.Count && (behind > hole || hole == 0); behind++)
            {
                for (int end = Pending.Count; end >= behind; end--)
                {
                    if (!Pending.Exists(write => write.IsAcknowledged && IsLeftOut(Pending.IndexOf(write), hole, behind, end)))
                    {
                        yield return After(hole, behind, end);
                    }
                }
            }
        }
    }

    private static bool IsLeftOut(int index, int hole, int behind, int end) => index >= end || (index >= hole && index < behind);

    private TreeContent After(int hole, int behind, int end)
    {
        TreeContent content = Certain;
        for (int i = 0; i < end; i++)
        {
            content = i >= hole && i < behind ? content : content.After(Pending[i].Changes, Pending[i].Number);
        }

        return content;
    }

    private KeyValueExpectation Settled()
    {
        KeyValueExpectation settled = this;
        while (settled.Pending.Count > 0 && settled.Pending[0].IsAcknowledged)
        {
            settled = settled with
            {
                Past = settled.Past.Add(settled.Certain),
                Certain = settled.Certain.After(settled.Pending[0].Changes, settled.Pending[0].Number),
                Pending = settled.Pending.RemoveAt(0),
            };
        }

        return settled;
    }
}
