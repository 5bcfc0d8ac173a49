namespace SimGraph.Storage.Graph;

/// <summary>Which property of which elements an index is on. Ordered by kind, then ordinally by key.</summary>
/// <param name="Target">Nodes or edges.</param>
/// <param name="Key">The property.</param>
public readonly record struct IndexDefinition(ElementKind Target, string Key) : IComparable<IndexDefinition>
{
    public static bool operator <(IndexDefinition left, IndexDefinition right) => left.CompareTo(right) < 0;

    public static bool operator >(IndexDefinition left, IndexDefinition right) => left.CompareTo(right) > 0;

    public static bool operator <=(IndexDefinition left, IndexDefinition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(IndexDefinition left, IndexDefinition right) => left.CompareTo(right) >= 0;

    /// <summary>True when the value may be in an index.</summary>
    public static bool Accepts(PropertyValue value) => value.Payload.Length <= GraphLimits.IndexedValueBytesMax;

    /// <inheritdoc/>
    public int CompareTo(IndexDefinition other) =>
        Target != other.Target ? Target.CompareTo(other.Target) : string.CompareOrdinal(Key, other.Key);
}
