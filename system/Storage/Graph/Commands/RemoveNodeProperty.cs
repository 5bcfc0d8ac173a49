namespace SimGraph.Storage.Graph;

/// <summary>Takes a property of a node away. Succeeds when it has none of that key.</summary>
public sealed record RemoveNodeProperty(ElementReference Node, string Key) : GraphOperation
{
    /// <inheritdoc/>
    public override OperationKind Kind => OperationKind.RemoveNodeProperty;

    /// <summary>Which property.</summary>
    public string Key { get; } = GraphLimits.CheckedName(Key, nameof(Key));

    internal override int BodyBytes => Node.EncodedBytes + NameBytes(Key);

    internal override ElementReference? NodeReference => Node;

    internal static RemoveNodeProperty ReadBody(ref CanonicalReader reader) => new(reader.ReadReference(), reader.ReadName());

    internal override void WriteBody(ref CanonicalWriter writer)
    {
        writer.WriteReference(Node);
        writer.WriteName(Key);
    }
}
