namespace SimGraph.Storage.Graph;

/// <summary>The query could not be answered.</summary>
public sealed record FailedAnswer(GraphError Error) : GraphAnswer
{
    /// <inheritdoc/>
    public override AnswerKind Kind => AnswerKind.Failed;

    internal static FailedAnswer ReadBody(ref CanonicalReader reader)
    {
        GraphError error = (GraphError)reader.ReadByte();
        if (error is GraphError.None or > GraphError.IndexExists)
        {
            reader.Fail("the error is of no known kind");
        }

        return new FailedAnswer(error);
    }

    internal override void WriteBody(ref CanonicalWriter writer) => writer.WriteByte((byte)Error);
}
