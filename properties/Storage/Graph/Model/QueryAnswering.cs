using System.Runtime.InteropServices;
using SimGraph.Runtime;
using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Storage.Graph.Model;

/// <summary>Answers queries from the tables. Answers hold immutable values only, so they outlive later changes.</summary>
internal static class QueryAnswering
{
    public static GraphAnswer Answer(GraphTables tables, GraphQuery query) => query switch
    {
        GetNode get => new NodeAnswer(tables.FindNode(get.Node)?.Node),
        GetEdge get => new EdgeAnswer(tables.FindEdge(get.Edge)?.Edge),
        CountNodes { Label: { } label } => new CountAnswer(tables.CountNodes(label)),
        CountNodes => new CountAnswer(tables.NodeCount),
        Neighbours neighbours => tables.FindNode(neighbours.Node) is { } node
            ? Answer(node, neighbours)
            : new FailedAnswer(GraphError.NoSuchNode),
        FindByLabel find => Elements(
            tables.SortedNodes().Where(node => node.Id > find.After && node.Labels.Contains(find.Label)).Select(node => node.Id), find.Limit),
        FindEdgesByType find => Elements(
            tables.SortedEdges()
                .Where(edge => edge.Id > find.After && string.Equals(edge.Type, find.Type, StringComparison.Ordinal))
                .Select(edge => edge.Id),
            find.Limit),
        FindByProperty find => Answer(tables, find),
        _ => throw new InvariantViolationException($"A query of kind {query.Kind} is not answered anywhere: QueryAnswering misses it."),
    };

    // These three walk all elements: they say what the answer is, and the store with its indexes says it fast.
    private static GraphAnswer Answer(GraphTables tables, FindByProperty query)
    {
        if (!tables.HasIndex(new IndexDefinition(query.Target, query.Key)))
        {
            return new FailedAnswer(GraphError.NoSuchIndex);
        }

        List<PropertyPosition> found = [];
        foreach ((ElementId id, PropertyMap properties) in query.Target == ElementKind.Node
            ? tables.SortedNodes().Select(node => (node.Id, node.Properties))
            : tables.SortedEdges().Select(edge => (edge.Id, edge.Properties)))
        {
            if (properties.TryGet(query.Key, out PropertyValue value) && query.Condition.IsMetBy(value)
                && (query.After is not { } after || Compare(new PropertyPosition(value, id), after) > 0))
            {
                found.Add(new PropertyPosition(value, id));
            }
        }

        found.Sort(Compare);
        bool more = found.Count > query.Limit;
        ElementId[] ids = [.. found.Take(query.Limit).Select(position => position.Element)];
        return new ElementsAnswer(
            ImmutableCollectionsMarshal.AsImmutableArray(ids), more, more ? found[query.Limit - 1] : null);
    }

    private static int Compare(PropertyPosition left, PropertyPosition right)
    {
        int order = PropertyOrder.Compare(left.Value, right.Value);
        return order != 0 ? order : left.Element.CompareTo(right.Element);
    }

    private static ElementsAnswer Elements(IEnumerable<ElementId> ids, int limit)
    {
        ElementId[] found = [.. ids.Take(limit + 1)];
        return found.Length <= limit
            ? new ElementsAnswer(ImmutableCollectionsMarshal.AsImmutableArray(found), More: false)
            : new ElementsAnswer(ImmutableCollectionsMarshal.AsImmutableArray(found[..limit]), More: true);
    }

    private static NeighboursAnswer Answer(NodeEntry node, Neighbours query)
    {
        List<Neighbour> found = [];
        bool more = false;
        EdgeCursor cursor = new(node, query.Direction, query.After);
        while (cursor.TryNext(out EdgeEntry? edge))
        {
            if (query.Type is not null && !string.Equals(query.Type, edge.Edge.Type, StringComparison.Ordinal))
            {
                continue;
            }

            if (found.Count == query.Limit)
            {
                more = true;
                break;
            }

            NodeEntry other = ReferenceEquals(edge.From, node) ? edge.To : edge.From;
            found.Add(new Neighbour(edge.Edge.Id, edge.Edge.Type, other.Node.Id));
        }

        return new NeighboursAnswer(ImmutableCollectionsMarshal.AsImmutableArray(found.ToArray()), more);
    }
}
