namespace SimGraph.Storage.Graph;

/// <summary>Gives a node a label. Succeeds when it has it already; fails with <see cref="GraphError.TooLarge"/> when it has too many.</summary>
public sealed record AddLabel(ElementReference Node, string Label) : GraphOperation
{
    /// <inheritdoc/>
    public override OperationKind Kind => OperationKind.AddLabel;

    /// <summary>Which label.</summary>
    public string Label { get; } = GraphLimits.CheckedName(Label, nameof(Label));

    internal override int BodyBytes => Node.EncodedBytes + NameBytes(Label);

    internal override ElementReference? NodeReference => Node;

    internal static AddLabel ReadBody(ref CanonicalReader reader) => new(reader.ReadReference(), reader.ReadName());

    internal override void WriteBody(ref CanonicalWriter writer)
    {
        writer.WriteReference(Node);
        writer.WriteName(Label);
    }
}
