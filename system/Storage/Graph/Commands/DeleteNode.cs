namespace SimGraph.Storage.Graph;

/// <summary>Deletes a node and all edges that begin or end at it. Fails when there is no such node.</summary>
public sealed record DeleteNode(ElementReference Node) : GraphOperation
{
    /// <inheritdoc/>
    public override OperationKind Kind => OperationKind.DeleteNode;

    internal override int BodyBytes => Node.EncodedBytes;

    internal override ElementReference? NodeReference => Node;

    internal static DeleteNode ReadBody(ref CanonicalReader reader) => new(reader.ReadReference());

    internal override void WriteBody(ref CanonicalWriter writer) => writer.WriteReference(Node);
}
