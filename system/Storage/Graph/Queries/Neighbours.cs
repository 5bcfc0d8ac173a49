namespace SimGraph.Storage.Graph;

/// <summary>
/// Asks for the edges of a node and what is at their other ends, in ascending order of the edges' ids. Answered by
/// <see cref="NeighboursAnswer"/>, or by <see cref="FailedAnswer"/> when there is no such node.
/// </summary>
/// <param name="Node">Whose.</param>
/// <param name="Direction">Which of its edges.</param>
/// <param name="Type">Edges of this type only; null: all.</param>
/// <param name="After">Edges with a greater id than this only: the last one of the answer before, to go on.</param>
/// <param name="Limit">How many at most, 1 to <see cref="GraphLimits.NeighboursPerAnswerMax"/>.</param>
public sealed record Neighbours(
    ElementId Node,
    EdgeDirection Direction = EdgeDirection.Both,
    string? Type = null,
    ElementId After = default,
    int Limit = GraphLimits.NeighboursPerAnswerMax) : GraphQuery
{
    /// <inheritdoc/>
    public override QueryKind Kind => QueryKind.Neighbours;

    /// <summary>Which of its edges.</summary>
    public EdgeDirection Direction { get; } = Direction is >= EdgeDirection.Outgoing and <= EdgeDirection.Both
        ? Direction
        : throw new ArgumentOutOfRangeException(nameof(Direction), Direction, "The direction is Outgoing, Incoming or Both.");

    /// <summary>Edges of this type only; null: all.</summary>
    public string? Type { get; } = Type is null ? null : GraphLimits.CheckedName(Type, nameof(Type));

    /// <summary>How many at most.</summary>
    public int Limit { get; } = Limit is >= 1 and <= GraphLimits.NeighboursPerAnswerMax
        ? Limit
        : throw new ArgumentOutOfRangeException(nameof(Limit), Limit, $"The limit is 1 to {GraphLimits.NeighboursPerAnswerMax}.");

    internal static Neighbours ReadBody(ref CanonicalReader reader)
    {
        ElementId node = reader.ReadId();
        EdgeDirection direction = (EdgeDirection)reader.ReadByte();
        string? type = reader.ReadBoolean() ? reader.ReadName() : null;
        ElementId after = reader.ReadId();
        int limit = reader.ReadUInt16();
        if (direction is < EdgeDirection.Outgoing or > EdgeDirection.Both || limit is 0 or > GraphLimits.NeighboursPerAnswerMax)
        {
            reader.Fail("a direction or limit is out of range");
        }

        return new Neighbours(node, direction, type, after, limit);
    }

    internal override void WriteBody(ref CanonicalWriter writer)
    {
        writer.WriteId(Node);
        writer.WriteByte((byte)Direction);
        writer.WriteByte(Type is null ? (byte)0 : (byte)1);
        if (Type is not null)
        {
            writer.WriteName(Type);
        }

        writer.WriteId(After);
        writer.WriteUInt16((ushort)Limit);
    }
}
