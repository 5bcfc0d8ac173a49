using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace SimGraph.Storage.Graph;

/// <summary>The labels of a node: distinct, in ordinal order, immutable. Equality is by content.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is a set.")]
public sealed class LabelSet : IReadOnlyList<string>, IEquatable<LabelSet>
{
    private readonly string[] _labels;

    private LabelSet(string[] labels) => _labels = labels;

    /// <summary>No labels.</summary>
    public static LabelSet Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _labels.Length;

    /// <summary>Bytes of the canonical encoding.</summary>
    public int EncodedBytes
    {
        get
        {
            int bytes = sizeof(ushort);
            foreach (string label in _labels)
            {
                bytes += sizeof(ushort) + GraphLimits.StrictUtf8.GetByteCount(label);
            }

            return bytes;
        }
    }

    /// <inheritdoc/>
    public string this[int index] => _labels[index];

    /// <summary>The set of these labels; duplicates count once.</summary>
    /// <exception cref="ArgumentException">A label is not a valid name, or there are too many.</exception>
    public static LabelSet Of(params ReadOnlySpan<string> labels)
    {
        string[] sorted = labels.ToArray();
        foreach (string label in sorted)
        {
            GraphLimits.CheckedName(label, "label");
        }

        Array.Sort(sorted, StringComparer.Ordinal);
        int count = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || !string.Equals(sorted[i], sorted[count - 1], StringComparison.Ordinal))
            {
                sorted[count++] = sorted[i];
            }
        }

        return count <= GraphLimits.LabelsPerNodeMax
            ? new LabelSet(sorted.AsSpan(0, count).ToArray())
            : throw new ArgumentException($"{count} labels, the limit is {GraphLimits.LabelsPerNodeMax}: use properties.", nameof(labels));
    }

    /// <summary>True when the label is in the set.</summary>
    public bool Contains(string label) => Array.BinarySearch(_labels, label, StringComparer.Ordinal) >= 0;

    /// <inheritdoc/>
    public bool Equals(LabelSet? other) => other is not null && _labels.AsSpan().SequenceEqual(other._labels);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LabelSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _labels.Length;

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_labels).GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => string.Join(':', _labels);

    /// <summary>Labels that the reader has checked to be distinct and in order; owned by the set from here on.</summary>
    internal static LabelSet FromChecked(string[] labels) => labels.Length == 0 ? Empty : new LabelSet(labels);

    /// <summary>This set with one label more; the same set when it has it. May exceed the limit: the caller asks <see cref="Count"/>.</summary>
    internal LabelSet With(string label)
    {
        int at = Array.BinarySearch(_labels, label, StringComparer.Ordinal);
        return at >= 0 ? this : new LabelSet([.. _labels.AsSpan(0, ~at), label, .. _labels.AsSpan(~at)]);
    }

    /// <summary>This set without one label; the same set when it does not have it.</summary>
    internal LabelSet Without(string label)
    {
        int at = Array.BinarySearch(_labels, label, StringComparer.Ordinal);
        return at < 0 ? this : FromChecked([.. _labels.AsSpan(0, at), .. _labels.AsSpan(at + 1)]);
    }

    internal ReadOnlySpan<string> AsSpan() => _labels;

    IEnumerator IEnumerable.GetEnumerator() => _labels.GetEnumerator();
}
