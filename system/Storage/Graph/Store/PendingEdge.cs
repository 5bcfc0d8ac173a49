namespace SimGraph.Storage.Graph;

/// <summary>An edge that a command touches: as it is in the tree, and as the command has left it so far.</summary>
internal sealed class PendingEdge(ElementId id)
{
    private GraphEdge? _edge;

    public ElementId Id { get; } = id;

    /// <summary>True when it is in the tree.</summary>
    public bool IsStored { get; private init; }

    /// <summary>Its value in the tree.</summary>
    public ReadOnlyMemory<byte> StoredValue { get; private init; }

    /// <summary>The edge in the tree; null when it is not there, or was not looked at.</summary>
    public GraphEdge? Before { get; private set; }

    public bool Exists { get; private set; }

    /// <summary>True when the command created, changed or deleted it.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>True when it was loaded for a node that the command deletes or for a new index.</summary>
    public bool IsTakenAlong { get; set; }

    public static PendingEdge Stored(ElementId id, ReadOnlyMemory<byte> value) => new(id) { IsStored = true, StoredValue = value, Exists = true };

    /// <summary>The edge as it is now, or was before it was deleted. Only when it exists or existed.</summary>
    public GraphEdge Current(NameTable names) => _edge ??= Before = ElementRecord.ReadEdge(Id, StoredValue.Span, names);

    public void Replace(GraphEdge edge)
    {
        _edge = edge;
        Exists = true;
        IsChanged = true;
    }

    public void Delete(NameTable names)
    {
        Current(names);
        Exists = false;
        IsChanged = true;
    }
}
