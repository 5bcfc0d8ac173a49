namespace SimGraph.Storage.Graph;

/// <summary>A number.</summary>
public sealed record CountAnswer(long Count) : GraphAnswer
{
    /// <inheritdoc/>
    public override AnswerKind Kind => AnswerKind.Count;

    internal override void WriteBody(ref CanonicalWriter writer) => writer.WriteInt64(Count);
}
