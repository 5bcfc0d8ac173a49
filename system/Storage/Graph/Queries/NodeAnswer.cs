namespace SimGraph.Storage.Graph;

/// <summary>A node, or null when there is none with that id.</summary>
public sealed record NodeAnswer(GraphNode? Node) : GraphAnswer
{
    /// <inheritdoc/>
    public override AnswerKind Kind => AnswerKind.Node;

    internal override void WriteBody(ref CanonicalWriter writer)
    {
        writer.WriteByte(Node is null ? (byte)0 : (byte)1);
        if (Node is not null)
        {
            writer.WriteNode(Node);
        }
    }
}
