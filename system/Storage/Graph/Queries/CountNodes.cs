namespace SimGraph.Storage.Graph;

/// <summary>Asks how many nodes there are, with this label or at all. Answered by <see cref="CountAnswer"/>.</summary>
public sealed record CountNodes(string? Label = null) : GraphQuery
{
    /// <inheritdoc/>
    public override QueryKind Kind => QueryKind.CountNodes;

    /// <summary>Nodes with this label only; null: all.</summary>
    public string? Label { get; } = Label is null ? null : GraphLimits.CheckedName(Label, nameof(Label));

    internal override void WriteBody(ref CanonicalWriter writer)
    {
        writer.WriteByte(Label is null ? (byte)0 : (byte)1);
        if (Label is not null)
        {
            writer.WriteName(Label);
        }
    }
}
