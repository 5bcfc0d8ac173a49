namespace SimGraph.Storage.Graph;

/// <summary>
/// Makes an index of a property of all nodes or of all edges, filled at once. Fails with <see cref="GraphError.IndexExists"/>, or with
/// <see cref="GraphError.TooLarge"/> when there are too many indexes, too many elements for one command (define indexes early), or an element has a
/// value that is too long for an index.
/// </summary>
public sealed record DefineIndex(ElementKind Target, string Key) : GraphOperation
{
    /// <inheritdoc/>
    public override OperationKind Kind => OperationKind.DefineIndex;

    /// <summary>Nodes or edges.</summary>
    public ElementKind Target { get; } = GraphLimits.CheckedKind(Target, nameof(Target));

    /// <summary>Which property.</summary>
    public string Key { get; } = GraphLimits.CheckedName(Key, nameof(Key));

    internal override int BodyBytes => 1 + NameBytes(Key);

    internal static DefineIndex ReadBody(ref CanonicalReader reader) => new(reader.ReadElementKind(), reader.ReadName());

    internal override void WriteBody(ref CanonicalWriter writer)
    {
        writer.WriteByte((byte)Target);
        writer.WriteName(Key);
    }
}
