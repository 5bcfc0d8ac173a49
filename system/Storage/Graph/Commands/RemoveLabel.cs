namespace SimGraph.Storage.Graph;

/// <summary>Takes a label of a node away. Succeeds when it does not have it.</summary>
public sealed record RemoveLabel(ElementReference Node, string Label) : GraphOperation
{
    /// <inheritdoc/>
    public override OperationKind Kind => OperationKind.RemoveLabel;

    /// <summary>Which label.</summary>
    public string Label { get; } = GraphLimits.CheckedName(Label, nameof(Label));

    internal override int BodyBytes => Node.EncodedBytes + NameBytes(Label);

    internal override ElementReference? NodeReference => Node;

    internal static RemoveLabel ReadBody(ref CanonicalReader reader) => new(reader.ReadReference(), reader.ReadName());

    internal override void WriteBody(ref CanonicalWriter writer)
    {
        writer.WriteReference(Node);
        writer.WriteName(Label);
    }
}
