namespace SimGraph.Storage.Graph;

/// <summary>A node that a command touches: as it is in the tree, and as the command has left it so far.</summary>
internal sealed class PendingNode(ElementId id)
{
    private GraphNode? _node;

    public ElementId Id { get; } = id;

    /// <summary>True when it is in the tree.</summary>
    public bool IsStored { get; private init; }

    /// <summary>Its value in the tree.</summary>
    public ReadOnlyMemory<byte> StoredValue { get; private init; }

    /// <summary>The node in the tree; null when it is not there, or was not looked at.</summary>
    public GraphNode? Before { get; private set; }

    public bool Exists { get; private set; }

    /// <summary>True when the command created, changed or deleted it.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Its edges in the tree; null unless they were loaded, which they are for a node that is deleted.</summary>
    public List<PendingEdge>? StoredEdges { get; set; }

    /// <summary>Edges that the command created at it; null when there are none.</summary>
    public List<PendingEdge>? CreatedEdges { get; private set; }

    public static PendingNode Stored(ElementId id, ReadOnlyMemory<byte> value) => new(id) { IsStored = true, StoredValue = value, Exists = true };

    /// <summary>The node as it is now. Only when it exists.</summary>
    public GraphNode Current(NameTable names) => _node ??= Before = ElementRecord.ReadNode(Id, StoredValue.Span, names);

    public void Replace(GraphNode node)
    {
        _node = node;
        Exists = true;
        IsChanged = true;
    }

    public void Delete(NameTable names)
    {
        // What is in the indexes has to be known.
        Current(names);
        Exists = false;
        IsChanged = true;
    }

    public void Add(PendingEdge created) => (CreatedEdges ??= []).Add(created);
}
