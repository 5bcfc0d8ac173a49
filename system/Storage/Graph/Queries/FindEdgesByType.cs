namespace SimGraph.Storage.Graph;

/// <summary>Asks for the edges of a type, in ascending order of their ids. Answered by <see cref="ElementsAnswer"/>.</summary>
/// <param name="Type">The type.</param>
/// <param name="After">Greater ids than this only: the last one of the answer before, to go on.</param>
/// <param name="Limit">How many at most, 1 to <see cref="GraphLimits.ElementsPerAnswerMax"/>.</param>
public sealed record FindEdgesByType(string Type, ElementId After = default, int Limit = GraphLimits.ElementsPerAnswerMax) : GraphQuery
{
    /// <inheritdoc/>
    public override QueryKind Kind => QueryKind.FindEdgesByType;

    /// <summary>The type.</summary>
    public string Type { get; } = GraphLimits.CheckedName(Type, nameof(Type));

    /// <summary>How many at most.</summary>
    public int Limit { get; } = CheckedLimit(Limit);

    internal static FindEdgesByType ReadBody(ref CanonicalReader reader) => new(reader.ReadName(), reader.ReadId(), ReadLimit(ref reader));

    internal override void WriteBody(ref CanonicalWriter writer)
    {
        writer.WriteName(Type);
        writer.WriteId(After);
        writer.WriteUInt16((ushort)Limit);
    }
}
