namespace SimGraph.Storage.Graph;

/// <summary>Takes a property of an edge away. Succeeds when it has none of that key.</summary>
public sealed record RemoveEdgeProperty(ElementReference Edge, string Key) : GraphOperation
{
    /// <inheritdoc/>
    public override OperationKind Kind => OperationKind.RemoveEdgeProperty;

    /// <summary>Which property.</summary>
    public string Key { get; } = GraphLimits.CheckedName(Key, nameof(Key));

    internal override int BodyBytes => Edge.EncodedBytes + NameBytes(Key);

    internal override ElementReference? EdgeReference => Edge;

    internal static RemoveEdgeProperty ReadBody(ref CanonicalReader reader) => new(reader.ReadReference(), reader.ReadName());

    internal override void WriteBody(ref CanonicalWriter writer)
    {
        writer.WriteReference(Edge);
        writer.WriteName(Key);
    }
}
