namespace SimGraph.Storage.Graph;

/// <summary>
/// Changes a property of a node when it is what the caller believes, bit by bit; fails with <see cref="GraphError.Conflict"/> when it is not.
/// </summary>
/// <param name="Node">Which node.</param>
/// <param name="Key">Which property.</param>
/// <param name="Expected">The value it must have; null: it must not be there.</param>
/// <param name="Value">The value it gets; null: it is taken away.</param>
public sealed record CompareAndSetNodeProperty(ElementReference Node, string Key, PropertyValue? Expected, PropertyValue? Value) : GraphOperation
{
    /// <inheritdoc/>
    public override OperationKind Kind => OperationKind.CompareAndSetNodeProperty;

    /// <summary>Which property.</summary>
    public string Key { get; } = GraphLimits.CheckedName(Key, nameof(Key));

    /// <summary>The value it must have; null: it must not be there.</summary>
    public PropertyValue? Expected { get; } = Expected is { } expected ? CheckedValue(expected) : null;

    /// <summary>The value it gets; null: it is taken away.</summary>
    public PropertyValue? Value { get; } = Value is { } value ? CheckedValue(value) : null;

    internal override int BodyBytes =>
        Node.EncodedBytes + NameBytes(Key) + (Expected?.EncodedBytes ?? 1) + (Value?.EncodedBytes ?? 1);

    internal override ElementReference? NodeReference => Node;

    internal static CompareAndSetNodeProperty ReadBody(ref CanonicalReader reader) =>
        new(reader.ReadReference(), reader.ReadName(), reader.ReadOptionalValue(), reader.ReadOptionalValue());

    internal override void WriteBody(ref CanonicalWriter writer)
    {
        writer.WriteReference(Node);
        writer.WriteName(Key);
        writer.WriteOptionalValue(Expected);
        writer.WriteOptionalValue(Value);
    }
}
