namespace SimGraph.Storage.Graph;

/// <summary>Asks for a node. Answered by <see cref="NodeAnswer"/>.</summary>
public sealed record GetNode(ElementId Node) : GraphQuery
{
    /// <inheritdoc/>
    public override QueryKind Kind => QueryKind.GetNode;

    internal override void WriteBody(ref CanonicalWriter writer) => writer.WriteId(Node);
}
