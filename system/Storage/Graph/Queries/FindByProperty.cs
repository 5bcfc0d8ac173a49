namespace SimGraph.Storage.Graph;

/// <summary>
/// Asks an index for the nodes or edges whose property meets a condition, in the order of the values, and of the ids where they are equal. Answered by
/// <see cref="ElementsAnswer"/>, or by <see cref="FailedAnswer"/> when there is no such index.
/// </summary>
/// <param name="Target">Nodes or edges.</param>
/// <param name="Key">Which property.</param>
/// <param name="Condition">What its value must be.</param>
/// <param name="After">Matches behind this one only: <see cref="ElementsAnswer.Next"/> of the answer before, to go on.</param>
/// <param name="Limit">How many at most, 1 to <see cref="GraphLimits.ElementsPerAnswerMax"/>.</param>
public sealed record FindByProperty(
    ElementKind Target, string Key, PropertyCondition Condition, PropertyPosition? After = null, int Limit = GraphLimits.ElementsPerAnswerMax) : GraphQuery
{
    /// <inheritdoc/>
    public override QueryKind Kind => QueryKind.FindByProperty;

    /// <summary>Nodes or edges.</summary>
    public ElementKind Target { get; } = GraphLimits.CheckedKind(Target, nameof(Target));

    /// <summary>Which property.</summary>
    public string Key { get; } = GraphLimits.CheckedName(Key, nameof(Key));

    /// <summary>What its value must be.</summary>
    public PropertyCondition Condition { get; } = Condition ?? throw new ArgumentNullException(nameof(Condition));

    /// <summary>Matches behind this one only.</summary>
    public PropertyPosition? After { get; } = After is not { } position || position.Value.Kind == Condition.ValueKind
        ? After
        : throw new ArgumentException("The position to go on from has a value of another kind than the condition.", nameof(After));

    /// <summary>How many at most.</summary>
    public int Limit { get; } = CheckedLimit(Limit);

    internal static FindByProperty ReadBody(ref CanonicalReader reader)
    {
        ElementKind target = reader.ReadElementKind();
        string key = reader.ReadName();
        PropertyCondition condition = PropertyCondition.Read(ref reader);
        PropertyPosition? after = reader.ReadBoolean() ? PropertyPosition.Read(ref reader) : null;
        if (after is { } position && position.Value.Kind != condition.ValueKind)
        {
            reader.Fail("the position to go on from has a value of another kind than the condition");
        }

        return new FindByProperty(target, key, condition, after, ReadLimit(ref reader));
    }

    internal override void WriteBody(ref CanonicalWriter writer)
    {
        writer.WriteByte((byte)Target);
        writer.WriteName(Key);
        Condition.Write(ref writer);
        writer.WriteByte(After is null ? (byte)0 : (byte)1);
        After?.Write(ref writer);
        writer.WriteUInt16((ushort)Limit);
    }
}
