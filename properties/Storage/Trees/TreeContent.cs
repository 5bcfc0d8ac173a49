using System.Collections.Immutable;
using SimGraph.Storage.Lsm;

namespace SimGraph.Properties.Storage.Trees;

/// <summary>The specification of a tree at one sequence: a sorted map. Immutable.</summary>
/// <param name="Pairs">Keys and values, ordered by the keys' bytes.</param>
internal sealed record TreeContent(ImmutableSortedDictionary<string, TreeValue> Pairs)
{
    public static TreeContent Empty { get; } = new(ImmutableSortedDictionary.Create<string, TreeValue>(StringComparer.Ordinal));

    /// <summary>The content after a batch: its changes in order, the last one of a key wins.</summary>
    public TreeContent After(IReadOnlyList<PlannedChange> changes, ulong sequence)
    {
        ImmutableSortedDictionary<string, TreeValue>.Builder pairs = Pairs.ToBuilder();
        for (int i = 0; i < changes.Count; i++)
        {
            PlannedChange change = changes[i];
            string key = TreeKeys.Of(change.Key);
            switch (change.Kind)
            {
                case PlannedChangeKind.Put:
                    pairs[key] = ValueOf(change, sequence, i);
                    break;
                case PlannedChangeKind.Delete:
                    pairs.Remove(key);
                    break;
                case PlannedChangeKind.DeleteRange:
                    string end = TreeKeys.Of(change.End);
                    pairs.RemoveRange([.. pairs.Keys.Where(held => string.CompareOrdinal(key, held) <= 0 && string.CompareOrdinal(held, end) < 0)]);
                    break;
                case PlannedChangeKind.DeletePrefix:
                    string prefix = TreeKeys.PrefixOf(change.Key);
                    pairs.RemoveRange([.. pairs.Keys.Where(held => held.StartsWith(prefix, StringComparison.Ordinal))]);
                    break;
            }
        }

        return new TreeContent(pairs.ToImmutable());
    }

    /// <summary>Puts the changes of a batch into the component's own.</summary>
    public static void Fill(WriteBatch batch, IReadOnlyList<PlannedChange> changes, ulong sequence)
    {
        batch.Clear();
        for (int i = 0; i < changes.Count; i++)
        {
            PlannedChange change = changes[i];
            byte[] key = TreeKeys.BytesOf(TreeKeys.Of(change.Key));
            switch (change.Kind)
            {
                case PlannedChangeKind.Put:
                    batch.Put(key, ValueOf(change, sequence, i).ToBytes());
                    break;
                case PlannedChangeKind.Delete:
                    batch.Delete(key);
                    break;
                case PlannedChangeKind.DeleteRange:
                    batch.DeleteRange(key, TreeKeys.BytesOf(TreeKeys.Of(change.End)));
                    break;
                case PlannedChangeKind.DeletePrefix:
                    batch.DeletePrefix(TreeKeys.BytesOf(TreeKeys.PrefixOf(change.Key)));
                    break;
            }
        }
    }

    public static TreeValue ValueOf(PlannedChange change, ulong sequence, int place) => new((sequence * 16) + (ulong)place, change.Size);
}
