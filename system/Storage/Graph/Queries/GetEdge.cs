namespace SimGraph.Storage.Graph;

/// <summary>Asks for an edge. Answered by <see cref="EdgeAnswer"/>.</summary>
public sealed record GetEdge(ElementId Edge) : GraphQuery
{
    /// <inheritdoc/>
    public override QueryKind Kind => QueryKind.GetEdge;

    internal override void WriteBody(ref CanonicalWriter writer) => writer.WriteId(Edge);
}
