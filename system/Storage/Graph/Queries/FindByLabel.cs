namespace SimGraph.Storage.Graph;

/// <summary>Asks for the nodes with a label, in ascending order of their ids. Answered by <see cref="ElementsAnswer"/>.</summary>
/// <param name="Label">The label.</param>
/// <param name="After">Greater ids than this only: the last one of the answer before, to go on.</param>
/// <param name="Limit">How many at most, 1 to <see cref="GraphLimits.ElementsPerAnswerMax"/>.</param>
public sealed record FindByLabel(string Label, ElementId After = default, int Limit = GraphLimits.ElementsPerAnswerMax) : GraphQuery
{
    /// <inheritdoc/>
    public override QueryKind Kind => QueryKind.FindByLabel;

    /// <summary>The label.</summary>
    public string Label { get; } = GraphLimits.CheckedName(Label, nameof(Label));

    /// <summary>How many at most.</summary>
    public int Limit { get; } = CheckedLimit(Limit);

    internal static FindByLabel ReadBody(ref CanonicalReader reader) => new(reader.ReadName(), reader.ReadId(), ReadLimit(ref reader));

    internal override void WriteBody(ref CanonicalWriter writer)
    {
        writer.WriteName(Label);
        writer.WriteId(After);
        writer.WriteUInt16((ushort)Limit);
    }
}
