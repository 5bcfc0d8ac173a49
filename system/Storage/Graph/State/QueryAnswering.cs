using System.Runtime.InteropServices;
using SimGraph.Runtime;

namespace SimGraph.Storage.Graph;

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
        _ => throw new InvariantViolationException($"A query of kind {query.Kind} is not answered anywhere: QueryAnswering misses it."),
    };

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
