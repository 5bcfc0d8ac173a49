namespace SimGraph.Storage.Graph;

/// <summary>The indexes of a graph in order; immutable.</summary>
internal sealed class IndexSet
{
    private readonly IndexState[] _indexes;

    public IndexSet(ReadOnlySpan<IndexState> ordered)
    {
        _indexes = ordered.ToArray();
        foreach (IndexState index in _indexes)
        {
            HasNodes |= index.Definition.Target == ElementKind.Node;
            HasEdges |= index.Definition.Target == ElementKind.Edge;
        }
    }

    public static IndexSet Empty { get; } = new([]);

    public int Count => _indexes.Length;

    public bool HasNodes { get; }

    public bool HasEdges { get; }

    public IndexState this[int at] => _indexes[at];

    /// <summary>Where the index is, or the complement of where it belongs.</summary>
    public int Find(IndexDefinition definition)
    {
        for (int i = 0; i < _indexes.Length; i++)
        {
            int order = _indexes[i].Definition.CompareTo(definition);
            if (order >= 0)
            {
                return order == 0 ? i : ~i;
            }
        }

        return ~_indexes.Length;
    }

    public bool Has(IndexDefinition definition) => _indexes.Length > 0 && Find(definition) >= 0;

    /// <summary>True when this very index is in the set, and not one that was defined again.</summary>
    public bool Contains(IndexState index) => Array.IndexOf(_indexes, index) >= 0;

    /// <summary>With an index that is not there yet.</summary>
    public IndexSet With(IndexDefinition definition)
    {
        int at = ~Find(definition);
        return new IndexSet([.. _indexes.AsSpan(0, at), new IndexState(definition, 0, 0), .. _indexes.AsSpan(at)]);
    }

    /// <summary>Without an index that is there.</summary>
    public IndexSet Without(IndexDefinition definition)
    {
        int at = Find(definition);
        return new IndexSet([.. _indexes.AsSpan(0, at), .. _indexes.AsSpan(at + 1)]);
    }

    /// <summary>True when every index that these properties belong in takes them.</summary>
    public bool Accept(ElementKind target, PropertyMap properties)
    {
        foreach (IndexState index in _indexes)
        {
            if (index.Definition.Target == target && properties.TryGet(index.Definition.Key, out PropertyValue value)
                && !IndexDefinition.Accepts(value))
            {
                return false;
            }
        }

        return true;
    }
}
