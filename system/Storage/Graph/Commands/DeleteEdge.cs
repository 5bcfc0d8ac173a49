namespace SimGraph.Storage.Graph;

/// <summary>Deletes an edge. Fails when there is no such edge.</summary>
public sealed record DeleteEdge(ElementReference Edge) : GraphOperation
{
    /// <inheritdoc/>
    public override OperationKind Kind => OperationKind.DeleteEdge;

    internal override int BodyBytes => Edge.EncodedBytes;

    internal override ElementReference? EdgeReference => Edge;

    internal static DeleteEdge ReadBody(ref CanonicalReader reader) => new(reader.ReadReference());

    internal override void WriteBody(ref CanonicalWriter writer) => writer.WriteReference(Edge);
}
