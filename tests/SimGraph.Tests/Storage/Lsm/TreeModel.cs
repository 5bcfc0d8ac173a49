using System.Collections.Immutable;
using System.Text;
using SimGraph.Storage.Lsm;

namespace SimGraph.Tests.Storage.Lsm;

/// <summary>What a tree must hold: an immutable sorted map for each sequence, and the batches that led there.</summary>
internal sealed class TreeModel
{
    private static readonly ImmutableSortedDictionary<string, string> Nothing = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private readonly List<(ulong Sequence, byte[] Batch)> _log = [];

    /// <summary>The state after the last batch.</summary>
    public ImmutableSortedDictionary<string, string> Now { get; private set; } = Nothing;

    public ulong LastSequence { get; private set; }

    public IReadOnlyList<(ulong Sequence, byte[] Batch)> Log => _log;

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetString(bytes.Span);

    /// <summary>Takes a batch over, under the next sequence.</summary>
    public ulong Apply(IReadOnlyList<TreeChange> changes, WriteBatch batch, ulong step = 1)
    {
        ImmutableSortedDictionary<string, string>.Builder next = Now.ToBuilder();
        foreach (TreeChange change in changes)
        {
            change.AddTo(batch);
            if (change.End is { } end)
            {
                next.RemoveRange(Now.Keys.Concat(changes.Select(other => other.Key)).Where(
                    key => string.CompareOrdinal(key, change.Key) >= 0 && string.CompareOrdinal(key, end) < 0).ToArray());
            }
            else if (change.Value is { } value)
            {
                next[change.Key] = value;
            }
            else
            {
                next.Remove(change.Key);
            }
        }

        Now = next.ToImmutable();
        LastSequence += step;
        _log.Add((LastSequence, batch.Encode()));
        return LastSequence;
    }

    /// <summary>The pairs of a range.</summary>
    public static (string Key, string Value)[] In(ImmutableSortedDictionary<string, string> state, string? start, string? end) =>
        [.. state.Where(pair => (start is null || string.CompareOrdinal(pair.Key, start) >= 0)
            && (end is null || string.CompareOrdinal(pair.Key, end) < 0)).Select(pair => (pair.Key, pair.Value))];
}
