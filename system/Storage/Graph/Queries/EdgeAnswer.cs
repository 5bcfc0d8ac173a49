namespace SimGraph.Storage.Graph;

/// <summary>An edge, or null when there is none with that id.</summary>
public sealed record EdgeAnswer(GraphEdge? Edge) : GraphAnswer
{
    /// <inheritdoc/>
    public override AnswerKind Kind => AnswerKind.Edge;

    internal override void WriteBody(ref CanonicalWriter writer)
    {
        writer.WriteByte(Edge is null ? (byte)0 : (byte)1);
        if (Edge is not null)
        {
            writer.WriteEdge(Edge);
        }
    }
}
