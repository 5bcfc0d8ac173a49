namespace SimGraph.Properties.Linearizability.Models;

/// <summary>Splits a history of a graph into the components that no operation connects.</summary>
internal sealed class GraphPartitions
{
    private readonly Dictionary<string, string> _parent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _created = new(StringComparer.Ordinal);
    private readonly HashSet<string> _mortal = new(StringComparer.Ordinal);

    private GraphPartitions()
    {
    }

    public static IReadOnlyList<Partition<GraphState, GraphAction>> Of(IReadOnlyList<Operation<GraphAction>> history)
    {
        var partitions = new GraphPartitions();
        partitions.Read(history);
        return
        [
            .. history.GroupBy(operation => partitions.Root(partitions.ElementOf(operation.Action)), StringComparer.Ordinal)
                .Select(group => new Partition<GraphState, GraphAction>(group.Key, partitions.InitialOf(group), [.. group])),
        ];
    }

    private void Read(IReadOnlyList<Operation<GraphAction>> history)
    {
        foreach (Operation<GraphAction> operation in history)
        {
            if (operation.Action.Kind is GraphActionKind.Create)
            {
                _created.Add(operation.Action.Node);
            }

            if (operation.Action.Kind is GraphActionKind.Create or GraphActionKind.Delete)
            {
                _mortal.Add(operation.Action.Node);
            }
        }

        foreach (Operation<GraphAction> operation in history)
        {
            if (operation.Action.Other is { } other)
            {
                _parent[Root(operation.Action.Node)] = Root(other);
            }
        }
    }

    /// <summary>What the action touches, besides the other end that is connected with it anyway: one property, or the node with all that is on it.</summary>
    private string ElementOf(GraphAction action) => action.IsOfProperty && !_mortal.Contains(action.Node) ? action.Cell : action.Node;

    private GraphState InitialOf(IEnumerable<Operation<GraphAction>> operations) =>
        GraphState.Without(operations.Select(static operation => operation.Action.Node).Where(_created.Contains).Distinct(StringComparer.Ordinal));

    private string Root(string element)
    {
        while (_parent.TryGetValue(element, out string? parent) && parent != element)
        {
            // Halves the path on the way, so that long chains do not make it slow.
            _parent[element] = _parent.GetValueOrDefault(parent, parent);
            element = parent;
        }

        return element;
    }
}
