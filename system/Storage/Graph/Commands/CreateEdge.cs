namespace SimGraph.Storage.Graph;

/// <summary>Creates a directed edge between two nodes, which may be the same. Its result is the id.</summary>
public sealed record CreateEdge(ElementReference From, ElementReference To, string Type, PropertyMap Properties) : GraphOperation
{
    /// <inheritdoc/>
    public override OperationKind Kind => OperationKind.CreateEdge;

    /// <summary>The type of the edge.</summary>
    public string Type { get; } = GraphLimits.CheckedName(Type, nameof(Type));

    /// <summary>Its properties.</summary>
    public PropertyMap Properties { get; } = Properties ?? throw new ArgumentNullException(nameof(Properties));

    internal override int BodyBytes => From.EncodedBytes + To.EncodedBytes + NameBytes(Type) + Properties.EncodedBytes;

    internal override ElementReference? NodeReference => From;

    internal override ElementReference? SecondNodeReference => To;

    internal static CreateEdge ReadBody(ref CanonicalReader reader) =>
        new(reader.ReadReference(), reader.ReadReference(), reader.ReadName(), reader.ReadProperties());

    internal override void WriteBody(ref CanonicalWriter writer)
    {
        writer.WriteReference(From);
        writer.WriteReference(To);
        writer.WriteName(Type);
        writer.WriteProperties(Properties);
    }
}
