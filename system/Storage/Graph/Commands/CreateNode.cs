namespace SimGraph.Storage.Graph;

/// <summary>Creates a node. Its result is the id.</summary>
public sealed record CreateNode(LabelSet Labels, PropertyMap Properties) : GraphOperation
{
    /// <inheritdoc/>
    public override OperationKind Kind => OperationKind.CreateNode;

    /// <summary>Its labels.</summary>
    public LabelSet Labels { get; } = Labels ?? throw new ArgumentNullException(nameof(Labels));

    /// <summary>Its properties.</summary>
    public PropertyMap Properties { get; } = Properties ?? throw new ArgumentNullException(nameof(Properties));

    internal override int BodyBytes => Labels.EncodedBytes + Properties.EncodedBytes;

    internal static CreateNode ReadBody(ref CanonicalReader reader) => new(reader.ReadLabels(), reader.ReadProperties());

    internal override void WriteBody(ref CanonicalWriter writer)
    {
        writer.WriteLabels(Labels);
        writer.WriteProperties(Properties);
    }
}
