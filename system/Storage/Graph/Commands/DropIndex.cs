namespace SimGraph.Storage.Graph;

/// <summary>Forgets an index, whatever its size. Fails with <see cref="GraphError.NoSuchIndex"/>.</summary>
public sealed record DropIndex(ElementKind Target, string Key) : GraphOperation
{
    /// <inheritdoc/>
    public override OperationKind Kind => OperationKind.DropIndex;

    /// <summary>Nodes or edges.</summary>
    public ElementKind Target { get; } = GraphLimits.CheckedKind(Target, nameof(Target));

    /// <summary>Which property.</summary>
    public string Key { get; } = GraphLimits.CheckedName(Key, nameof(Key));

    internal override int BodyBytes => 1 + NameBytes(Key);

    internal static DropIndex ReadBody(ref CanonicalReader reader) => new(reader.ReadElementKind(), reader.ReadName());

    internal override void WriteBody(ref CanonicalWriter writer)
    {
        writer.WriteByte((byte)Target);
        writer.WriteName(Key);
    }
}
