using System.Collections.Immutable;
using SimGraph.Storage.Graph;

namespace SimGraph.Tests.Storage;

/// <summary>The obvious graph: two lists, searched from the front. A batch works on copies, which replace the lists when it succeeds.</summary>
internal sealed class GraphModel
{
    public List<Node> Nodes { get; private set; } = [];

    public List<Edge> Edges { get; private set; } = [];

    /// <summary>True once a command was applied.</summary>
    public bool IsTouched { get; private set; }

    public SortedSet<IndexDefinition> Indexes { get; private set; } = [];

    public (GraphError Error, int FailedOperation, List<OperationResult> Results) Apply(GraphCommand command, ulong logIndex)
    {
        List<Node> nodes = [.. Nodes];
        List<Edge> edges = [.. Edges];
        SortedSet<IndexDefinition> indexes = [.. Indexes];
        List<OperationResult> results = [];
        for (int i = 0; i < command.Operations.Length; i++)
        {
            ElementId id = new((logIndex * 4096) + (ulong)i);
            ElementId Resolve(ElementReference reference) =>
                reference.CreatedByOperation is { } k ? new((logIndex * 4096) + (ulong)k) : new(ulong.Parse(reference.ToString(), null));

            GraphError error = GraphError.None;
            OperationResult result = OperationResult.None;
            switch (command.Operations[i])
            {
                case CreateNode create:
                    nodes.Add(new Node(id, [.. create.Labels], ToDictionary(create.Properties)));
                    error = Fits(indexes, ElementKind.Node, nodes[^1].Properties);
                    result = OperationResult.OfElement(id);
                    break;
                case DeleteNode delete:
                    ElementId gone = Resolve(delete.Node);
                    error = nodes.RemoveAll(node => node.Id == gone) == 0 ? GraphError.NoSuchNode : GraphError.None;
                    edges.RemoveAll(edge => edge.From == gone || edge.To == gone);
                    break;
                case SetNodeProperty set:
                    error = Change(nodes, indexes, Resolve(set.Node), set.Key, _ => (set.Value, GraphError.None));
                    break;
                case RemoveNodeProperty remove:
                    error = Change(nodes, indexes, Resolve(remove.Node), remove.Key, _ => (null, GraphError.None));
                    break;
                case IncrementNodeProperty increment:
                    error = Change(nodes, indexes, Resolve(increment.Node), increment.Key, before =>
                    {
                        if (before is { Kind: not PropertyKind.Int64 })
                        {
                            return (before, GraphError.WrongType);
                        }

                        Int128 sum = (Int128)(before?.AsInt64() ?? 0) + increment.Delta;
                        if (sum < long.MinValue || sum > long.MaxValue)
                        {
                            return (before, GraphError.Overflow);
                        }

                        result = OperationResult.OfValue((long)sum);
                        return (PropertyValue.From((long)sum), GraphError.None);
                    });
                    break;
                case CompareAndSetNodeProperty swap:
                    error = Change(nodes, indexes, Resolve(swap.Node), swap.Key, before =>
                        before == swap.Expected ? (swap.Value, GraphError.None) : (before, GraphError.Conflict));
                    break;
                case CreateEdge create:
                    bool ends = nodes.Exists(node => node.Id == Resolve(create.From)) && nodes.Exists(node => node.Id == Resolve(create.To));
                    edges.Add(new Edge(id, Resolve(create.From), Resolve(create.To), create.Type, ToDictionary(create.Properties)));
                    error = ends ? Fits(indexes, ElementKind.Edge, edges[^1].Properties) : GraphError.NoSuchNode;
                    result = OperationResult.OfElement(id);
                    break;
                case DeleteEdge delete:
                    error = edges.RemoveAll(edge => edge.Id == Resolve(delete.Edge)) == 0 ? GraphError.NoSuchEdge : GraphError.None;
                    break;
                case SetEdgeProperty set:
                    error = ChangeEdge(edges, indexes, Resolve(set.Edge), properties => properties.SetItem(set.Key, set.Value));
                    break;
                case RemoveEdgeProperty remove:
                    error = ChangeEdge(edges, indexes, Resolve(remove.Edge), properties => properties.Remove(remove.Key));
                    break;
                case AddLabel add:
                    error = Relabel(nodes, Resolve(add.Node), labels => labels.Append(add.Label));
                    break;
                case RemoveLabel remove:
                    error = Relabel(nodes, Resolve(remove.Node), labels => labels.Where(label => label != remove.Label));
                    break;
                case DefineIndex define:
                    error = indexes.Add(new IndexDefinition(define.Target, define.Key)) ? GraphError.None : GraphError.IndexExists;
                    foreach (ImmutableSortedDictionary<string, PropertyValue> properties in error != GraphError.None ? []
                        : define.Target == ElementKind.Node ? nodes.Select(node => node.Properties) : edges.Select(edge => edge.Properties))
                    {
                        error = error != GraphError.None ? error : Fits(indexes, define.Target, properties);
                    }

                    break;
                case DropIndex drop:
                    error = indexes.Remove(new IndexDefinition(drop.Target, drop.Key)) ? GraphError.None : GraphError.NoSuchIndex;
                    break;
            }

            if (error != GraphError.None)
            {
                return (error, i, []);
            }

            results.Add(result);
        }

        Nodes = nodes;
        Indexes = indexes;
        IsTouched = true;
        Edges = edges;
        return (GraphError.None, 0, results);
    }

    private static GraphError Change(
        List<Node> nodes, SortedSet<IndexDefinition> indexes, ElementId id, string key, Func<PropertyValue?, (PropertyValue? After, GraphError Error)> change)
    {
        int at = nodes.FindIndex(node => node.Id == id);
        if (at < 0)
        {
            return GraphError.NoSuchNode;
        }

        Node node = nodes[at];
        (PropertyValue? after, GraphError error) = change(node.Properties.TryGetValue(key, out PropertyValue before) ? before : null);
        nodes[at] = node with { Properties = after is { } value ? node.Properties.SetItem(key, value) : node.Properties.Remove(key) };
        return error != GraphError.None ? error : Fits(indexes, ElementKind.Node, nodes[at].Properties);
    }

    private static GraphError Fits(
        SortedSet<IndexDefinition> indexes, ElementKind target, ImmutableSortedDictionary<string, PropertyValue> properties)
    {
        bool fits = properties.All(property =>
            property.Value.EncodedBytes <= GraphLimits.IndexedValueBytesMax + 5 || !indexes.Contains(new IndexDefinition(target, property.Key)));
        return fits ? GraphError.None : GraphError.TooLarge;
    }

    private static GraphError Relabel(List<Node> nodes, ElementId id, Func<string[], IEnumerable<string>> change)
    {
        int at = nodes.FindIndex(node => node.Id == id);
        if (at < 0)
        {
            return GraphError.NoSuchNode;
        }

        nodes[at] = nodes[at] with { Labels = [.. change(nodes[at].Labels).Distinct().Order(StringComparer.Ordinal)] };
        return GraphError.None;
    }

    private static GraphError ChangeEdge(
        List<Edge> edges, SortedSet<IndexDefinition> indexes, ElementId id,
        Func<ImmutableSortedDictionary<string, PropertyValue>, ImmutableSortedDictionary<string, PropertyValue>> change)
    {
        int at = edges.FindIndex(edge => edge.Id == id);
        if (at < 0)
        {
            return GraphError.NoSuchEdge;
        }

        edges[at] = edges[at] with { Properties = change(edges[at].Properties) };
        return Fits(indexes, ElementKind.Edge, edges[at].Properties);
    }

    private static ImmutableSortedDictionary<string, PropertyValue> ToDictionary(PropertyMap properties) =>
        ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, properties);

    internal sealed record Node(ElementId Id, string[] Labels, ImmutableSortedDictionary<string, PropertyValue> Properties);

    internal sealed record Edge(
        ElementId Id, ElementId From, ElementId To, string Type, ImmutableSortedDictionary<string, PropertyValue> Properties);
}
