namespace SimGraph.Storage.Graph;

/// <summary>Sets a property of a node, whether it was there or not.</summary>
public sealed record SetNodeProperty(ElementReference Node, string Key, PropertyValue Value) : GraphOperation
{
    /// <inheritdoc/>
    public override OperationKind Kind => OperationKind.SetNodeProperty;

    /// <summary>Which property.</summary>
    public string Key { get; } = GraphLimits.CheckedName(Key, nameof(Key));

    /// <summary>Its new value.</summary>
    public PropertyValue Value { get; } = CheckedValue(Value);

    internal override int BodyBytes => Node.EncodedBytes + NameBytes(Key) + Value.EncodedBytes;

    internal override ElementReference? NodeReference => Node;

    internal static SetNodeProperty ReadBody(ref CanonicalReader reader) => new(reader.ReadReference(), reader.ReadName(), reader.ReadValue());

    internal override void WriteBody(ref CanonicalWriter writer)
    {
        writer.WriteReference(Node);
        writer.WriteName(Key);
        writer.WriteValue(Value);
    }
}
