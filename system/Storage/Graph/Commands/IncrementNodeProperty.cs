namespace SimGraph.Storage.Graph;

/// <summary>
/// Adds to an integer property of a node; one that is missing counts as 0. Its result is the new value. Fails with
/// <see cref="GraphError.WrongType"/> or <see cref="GraphError.Overflow"/>.
/// </summary>
public sealed record IncrementNodeProperty(ElementReference Node, string Key, long Delta) : GraphOperation
{
    /// <inheritdoc/>
    public override OperationKind Kind => OperationKind.IncrementNodeProperty;

    /// <summary>Which property.</summary>
    public string Key { get; } = GraphLimits.CheckedName(Key, nameof(Key));

    internal override int BodyBytes => Node.EncodedBytes + NameBytes(Key) + sizeof(long);

    internal override ElementReference? NodeReference => Node;

    internal static IncrementNodeProperty ReadBody(ref CanonicalReader reader) =>
        new(reader.ReadReference(), reader.ReadName(), reader.ReadInt64());

    internal override void WriteBody(ref CanonicalWriter writer)
    {
        writer.WriteReference(Node);
        writer.WriteName(Key);
        writer.WriteInt64(Delta);
    }
}
