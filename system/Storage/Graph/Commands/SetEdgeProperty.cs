namespace SimGraph.Storage.Graph;

/// <summary>Sets a property of an edge, whether it was there or not.</summary>
public sealed record SetEdgeProperty(ElementReference Edge, string Key, PropertyValue Value) : GraphOperation
{
    /// <inheritdoc/>
    public override OperationKind Kind => OperationKind.SetEdgeProperty;

    /// <summary>Which property.</summary>
    public string Key { get; } = GraphLimits.CheckedName(Key, nameof(Key));

    /// <summary>Its new value.</summary>
    public PropertyValue Value { get; } = CheckedValue(Value);

    internal override int BodyBytes => Edge.EncodedBytes + NameBytes(Key) + Value.EncodedBytes;

    internal override ElementReference? EdgeReference => Edge;

    internal static SetEdgeProperty ReadBody(ref CanonicalReader reader) => new(reader.ReadReference(), reader.ReadName(), reader.ReadValue());

    internal override void WriteBody(ref CanonicalWriter writer)
    {
        writer.WriteReference(Edge);
        writer.WriteName(Key);
        writer.WriteValue(Value);
    }
}
