using System.Globalization;

namespace SimGraph.Storage.Graph;

/// <summary>
/// Identity of a node or an edge: the index of the log entry that created it, times 4096, plus the ordinal of the operation in its command.
/// So every replica gives the same id without asking, ids are never used twice, and later elements have greater ids.
/// </summary>
public readonly record struct ElementId(ulong Value) : IComparable<ElementId>
{
    /// <summary>The last log index whose ids fit.</summary>
    public const ulong LogIndexMax = (ulong.MaxValue / GraphLimits.OperationsPerCommandMax) - 1;

    /// <summary>The log entry that created the element.</summary>
    public ulong LogIndex => Value / GraphLimits.OperationsPerCommandMax;

    /// <summary>The id of what operation <paramref name="ordinal"/> of the command in entry <paramref name="logIndex"/> creates.</summary>
    public static ElementId Of(ulong logIndex, int ordinal) => new((logIndex * GraphLimits.OperationsPerCommandMax) + (ulong)ordinal);

    public static bool operator <(ElementId left, ElementId right) => left.Value < right.Value;

    public static bool operator >(ElementId left, ElementId right) => left.Value > right.Value;

    public static bool operator <=(ElementId left, ElementId right) => left.Value <= right.Value;

    public static bool operator >=(ElementId left, ElementId right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public int CompareTo(ElementId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
