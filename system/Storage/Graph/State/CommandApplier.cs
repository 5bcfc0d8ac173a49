using SimGraph.Runtime.Probes;
using SimGraph.Runtime;

namespace SimGraph.Storage.Graph;

/// <summary>Applies commands to the tables, each as a whole or not at all.</summary>
internal sealed class CommandApplier(GraphTables tables, IProbes probes)
{
    private readonly UndoLog _undo = new();

    public GraphOutcome Apply(GraphCommand command, ulong logIndex)
    {
        ReadOnlySpan<GraphOperation> operations = command.AsSpan();
        OperationResult[] results = new OperationResult[operations.Length];
        for (int i = 0; i < operations.Length; i++)
        {
            GraphError error = Apply(operations[i], logIndex, ElementId.Of(logIndex, i), out results[i]);
            if (error != GraphError.None)
            {
                _undo.RollBack(tables);
                return GraphOutcome.Failed(error, i);
            }
        }

        _undo.Clear();
        return GraphOutcome.Applied(results);
    }

    private GraphError Apply(GraphOperation operation, ulong logIndex, ElementId newId, out OperationResult result)
    {
        result = OperationResult.None;
        switch (operation)
        {
            case CreateNode create:
                _undo.NodeAdded(tables.CreateNode(new GraphNode(newId, create.Labels, create.Properties)));
                result = OperationResult.OfElement(newId);
                return GraphError.None;
            case IncrementNodeProperty increment:
                return Increment(increment, tables.FindNode(increment.Node.Resolve(logIndex)), out result);
            case SetNodeProperty set:
                return Replace(tables.FindNode(set.Node.Resolve(logIndex)), set.Key, set.Value);
            case CreateEdge create:
                result = OperationResult.OfElement(newId);
                return CreateEdge(create, logIndex, newId);
            case SetEdgeProperty set:
                return Set(tables.FindEdge(set.Edge.Resolve(logIndex)), set);
            case CompareAndSetNodeProperty compareAndSet:
                return CompareAndSet(compareAndSet, tables.FindNode(compareAndSet.Node.Resolve(logIndex)));
            case RemoveNodeProperty remove:
                return Replace(tables.FindNode(remove.Node.Resolve(logIndex)), remove.Key, value: null);
            case DeleteNode delete:
                return Delete(tables.FindNode(delete.Node.Resolve(logIndex)));
            case DeleteEdge delete:
                return Delete(tables.FindEdge(delete.Edge.Resolve(logIndex)));
            default:
                throw new InvariantViolationException($"An operation of kind {operation.Kind} is not applied anywhere: CommandApplier misses it.");
        }
    }

    private GraphError CreateEdge(CreateEdge create, ulong logIndex, ElementId newId)
    {
        NodeEntry? from = tables.FindNode(create.From.Resolve(logIndex));
        NodeEntry? to = tables.FindNode(create.To.Resolve(logIndex));
        if (from is null || to is null)
        {
            return GraphError.NoSuchNode;
        }

        GraphEdge edge = new(newId, from.Node.Id, to.Node.Id, create.Type, create.Properties);
        _undo.EdgeAdded(tables.CreateEdge(edge, from, to));
        return GraphError.None;
    }

    private GraphError Increment(IncrementNodeProperty increment, NodeEntry? node, out OperationResult result)
    {
        result = OperationResult.None;
        if (node is null)
        {
            return GraphError.NoSuchNode;
        }

        long before = 0;
        if (node.Node.Properties.TryGet(increment.Key, out PropertyValue value))
        {
            if (value.Kind != PropertyKind.Int64)
            {
                return GraphError.WrongType;
            }

            before = value.AsInt64();
        }

        long after = unchecked(before + increment.Delta);
        if (((before ^ after) & (increment.Delta ^ after)) < 0)
        {
            return GraphError.Overflow;
        }

        result = OperationResult.OfValue(after);
        return Replace(node, increment.Key, PropertyValue.From(after));
    }

    private GraphError CompareAndSet(CompareAndSetNodeProperty operation, NodeEntry? node)
    {
        if (node is null)
        {
            return GraphError.NoSuchNode;
        }

        PropertyValue? actual = node.Node.Properties.TryGet(operation.Key, out PropertyValue value) ? value : null;
        return actual == operation.Expected ? Replace(node, operation.Key, operation.Value) : GraphError.Conflict;
    }

    /// <summary>Sets a property, or takes it away when there is no value.</summary>
    private GraphError Replace(NodeEntry? node, string key, PropertyValue? value)
    {
        if (node is null)
        {
            return GraphError.NoSuchNode;
        }

        PropertyMap before = node.Node.Properties;
        PropertyMap after = value is { } present ? before.With(key, present) : before.Without(key);
        if (ReferenceEquals(before, after))
        {
            return GraphError.None;
        }

        if (!after.IsWithinLimits)
        {
            return GraphError.TooLarge;
        }

        _undo.NodeChanges(node);
        tables.ReplaceProperties(node, after);
        return GraphError.None;
    }

    private GraphError Set(EdgeEntry? edge, SetEdgeProperty set)
    {
        if (edge is null)
        {
            return GraphError.NoSuchEdge;
        }

        PropertyMap after = edge.Edge.Properties.With(set.Key, set.Value);
        if (!after.IsWithinLimits)
        {
            return GraphError.TooLarge;
        }

        _undo.EdgeChanges(edge);
        tables.ReplaceProperties(edge, after);
        return GraphError.None;
    }

    private GraphError Delete(NodeEntry? node)
    {
        if (node is null)
        {
            return GraphError.NoSuchNode;
        }

        if (node.Outgoing.Count + node.Incoming.Count > 0)
        {
            probes.Reachable("graph.cascade-delete");
        }

        // From the end, so that no removal moves the others. An edge from the node to itself is in both lists and goes with the first.
        DeleteAll(node.Outgoing);
        DeleteAll(node.Incoming);
        tables.RemoveNode(node);
        _undo.NodeRemoved(node);
        return GraphError.None;
    }

    private void DeleteAll(AdjacencyList edges)
    {
        while (edges.Count > 0)
        {
            Delete(edges[edges.Count - 1]);
        }
    }

    private GraphError Delete(EdgeEntry? edge)
    {
        if (edge is null)
        {
            return GraphError.NoSuchEdge;
        }

        tables.RemoveEdge(edge);
        _undo.EdgeRemoved(edge);
        return GraphError.None;
    }
}
