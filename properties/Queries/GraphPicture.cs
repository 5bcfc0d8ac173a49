using System.Globalization;
using SimGraph.Query;
using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Queries;

/// <summary>The graph after one command, as the model has it, and what queries must answer about it. Simple, and not the way in which the system finds it.</summary>
internal sealed class GraphPicture(IReadOnlyList<GraphNode> nodes, IReadOnlyList<GraphEdge> edges)
{
    public IReadOnlyList<GraphNode> Nodes => nodes;

    /// <summary>A node as one line.</summary>
    public static string Describe(GraphNode node) => string.Create(CultureInfo.InvariantCulture, $"{node.Id}:{node.Labels}");

    /// <summary>A visit as one line.</summary>
    public static string Describe(Visit visit) => string.Create(CultureInfo.InvariantCulture, $"{visit.Node}@{visit.Depth}");

    public bool Has(ElementId node) => nodes.Any(one => one.Id == node);

    public List<string> DescribeNodes(string? label) => [.. nodes.Where(node => label is null || node.Labels.Contains(label)).Select(Describe)];

    public SortedDictionary<string, long> CountByLabel()
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (string label in nodes.SelectMany(node => node.Labels))
        {
            counts[label] = counts.GetValueOrDefault(label) + 1;
        }

        return counts;
    }

    public List<string> DescribeTraversal(ElementId start, TraversalOptions traversal)
    {
        var depths = new Dictionary<ElementId, int> { [start] = 0 };
        var order = new List<ElementId> { start };
        for (int at = 0; at < order.Count; at++)
        {
            int depth = depths[order[at]] + 1;
            if (depth > traversal.Depth)
            {
                break;
            }

            foreach (GraphEdge edge in edges)
            {
                if (traversal.Type is not null && edge.Type != traversal.Type)
                {
                    continue;
                }

                // Edges are in the order of their ids, so are neighbours.
                if (traversal.Direction != EdgeDirection.Incoming && edge.From == order[at] && depths.TryAdd(edge.To, depth))
                {
                    order.Add(edge.To);
                }

                if (traversal.Direction != EdgeDirection.Outgoing && edge.To == order[at] && depths.TryAdd(edge.From, depth))
                {
                    order.Add(edge.From);
                }
            }
        }

        return [.. order.Select(node => Describe(new Visit(node, depths[node])))];
    }
}
