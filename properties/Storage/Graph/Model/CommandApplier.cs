using SimGraph.Runtime;
using SimGraph.Runtime.Probes;
using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Storage.Graph.Model;

/// <summary>Applies commands to the tables, each as a whole or not at all.</summary>
internal sealed class CommandApplier(GraphTables tables, IProbes probes)
{
    private readonly UndoLog _undo = new();

    // Elements that the running command found and has changed or deleted.
    private readonly HashSet<ElementId> _rewritten = [];

    // What the running command took along so far, see GraphLimits.SideEffectsPerCommandMax.
    private int _sideEffects;
    private long _rewrittenBytes;
    private ulong _logIndex;

    public GraphOutcome Apply(GraphCommand command, ulong logIndex)
    {
        ReadOnlySpan<GraphOperation> operations = command.AsSpan();
        OperationResult[] results = new OperationResult[operations.Length];
        _sideEffects = 0;
        _rewrittenBytes = 0;
        _rewritten.Clear();
        _logIndex = logIndex;
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
                result = OperationResult.OfElement(newId);
                return Create(create, newId);
            case IncrementNodeProperty increment:
                return Increment(increment, tables.FindNode(increment.Node.Resolve(logIndex)), out result);
            case SetNodeProperty set:
                return Replace(tables.FindNode(set.Node.Resolve(logIndex)), set.Key, set.Value);
            case CreateEdge create:
                result = OperationResult.OfElement(newId);
                return CreateEdge(create, logIndex, newId);
            case SetEdgeProperty set:
                return Replace(tables.FindEdge(set.Edge.Resolve(logIndex)), set.Key, set.Value);
            case RemoveEdgeProperty remove:
                return Replace(tables.FindEdge(remove.Edge.Resolve(logIndex)), remove.Key, value: null);
            case AddLabel add:
                return Relabel(tables.FindNode(add.Node.Resolve(logIndex)), labels => labels.With(add.Label));
            case RemoveLabel remove:
                return Relabel(tables.FindNode(remove.Node.Resolve(logIndex)), labels => labels.Without(remove.Label));
            case DefineIndex define:
                return Define(new IndexDefinition(define.Target, define.Key));
            case DropIndex drop:
                return Drop(new IndexDefinition(drop.Target, drop.Key));
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

    private GraphError Create(CreateNode create, ElementId newId)
    {
        if (!IndexesAccept(ElementKind.Node, create.Properties))
        {
            return GraphError.TooLarge;
        }

        _undo.NodeAdded(tables.CreateNode(new GraphNode(newId, create.Labels, create.Properties)));
        return GraphError.None;
    }

    private GraphError CreateEdge(CreateEdge create, ulong logIndex, ElementId newId)
    {
        NodeEntry? from = tables.FindNode(create.From.Resolve(logIndex));
        NodeEntry? to = tables.FindNode(create.To.Resolve(logIndex));
        if (from is null || to is null)
        {
            return GraphError.NoSuchNode;
        }

        if (!IndexesAccept(ElementKind.Edge, create.Properties))
        {
            return GraphError.TooLarge;
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

        if (!after.IsWithinLimits || !IndexAccepts(new IndexDefinition(ElementKind.Node, key), value) || !TryRewrite(node.Node.Id, before))
        {
            return GraphError.TooLarge;
        }

        _undo.NodeChanges(node);
        tables.Replace(node, node.Node.Labels, after);
        return GraphError.None;
    }

    /// <summary>Sets a property, or takes it away when there is no value.</summary>
    private GraphError Replace(EdgeEntry? edge, string key, PropertyValue? value)
    {
        if (edge is null)
        {
            return GraphError.NoSuchEdge;
        }

        PropertyMap before = edge.Edge.Properties;
        PropertyMap after = value is { } present ? before.With(key, present) : before.Without(key);
        if (ReferenceEquals(before, after))
        {
            return GraphError.None;
        }

        if (!after.IsWithinLimits || !IndexAccepts(new IndexDefinition(ElementKind.Edge, key), value) || !TryRewrite(edge.Edge.Id, before))
        {
            return GraphError.TooLarge;
        }

        _undo.EdgeChanges(edge);
        tables.ReplaceProperties(edge, after);
        return GraphError.None;
    }

    private GraphError Relabel(NodeEntry? node, Func<LabelSet, LabelSet> change)
    {
        if (node is null)
        {
            return GraphError.NoSuchNode;
        }

        LabelSet after = change(node.Node.Labels);
        if (ReferenceEquals(node.Node.Labels, after))
        {
            return GraphError.None;
        }

        if (after.Count > GraphLimits.LabelsPerNodeMax || !TryRewrite(node.Node.Id, node.Node.Properties))
        {
            return GraphError.TooLarge;
        }

        _undo.NodeChanges(node);
        tables.Replace(node, after, node.Node.Properties);
        return GraphError.None;
    }

    private GraphError Define(IndexDefinition index)
    {
        if (tables.HasIndex(index))
        {
            return GraphError.IndexExists;
        }

        int elements = index.Target == ElementKind.Node ? tables.NodeCount : tables.EdgeCount;
        if (tables.Indexes.Count == GraphLimits.IndexesMax || !TryTakeAlong(elements) || !tables.TrySumValues(index, out long bytes)
            || !TryRewrite(bytes))
        {
            return GraphError.TooLarge;
        }

        tables.AddIndex(index);
        _undo.IndexAdded(index);
        return GraphError.None;
    }

    private GraphError Drop(IndexDefinition index)
    {
        if (!tables.HasIndex(index))
        {
            return GraphError.NoSuchIndex;
        }

        tables.RemoveIndex(index);
        _undo.IndexRemoved(index);
        return GraphError.None;
    }

    private bool IndexesAccept(ElementKind target, PropertyMap properties)
    {
        foreach (IndexDefinition index in tables.Indexes)
        {
            if (index.Target == target && properties.TryGet(index.Key, out PropertyValue value) && !IndexDefinition.Accepts(value))
            {
                return false;
            }
        }

        return true;
    }

    private bool IndexAccepts(IndexDefinition index, PropertyValue? value) =>
        value is not { } present || IndexDefinition.Accepts(present) || !tables.HasIndex(index);

    private bool TryRewrite(ElementId id, PropertyMap before) =>
        id.LogIndex == _logIndex || !_rewritten.Add(id) || TryRewrite(before.EncodedBytes);

    private bool TryRewrite(long bytes)
    {
        _rewrittenBytes += bytes;
        return _rewrittenBytes <= GraphLimits.RewrittenBytesPerCommandMax;
    }

    private bool TryTakeAlong(int elements)
    {
        _sideEffects += elements;
        return _sideEffects <= GraphLimits.SideEffectsPerCommandMax;
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
        if (!TryDeleteAll(node.Outgoing) || !TryDeleteAll(node.Incoming) || !TryRewrite(node.Node.Id, node.Node.Properties))
        {
            return GraphError.TooLarge;
        }

        tables.RemoveNode(node);
        _undo.NodeRemoved(node);
        return GraphError.None;
    }

    private bool TryDeleteAll(AdjacencyList edges)
    {
        while (edges.Count > 0)
        {
            if (!TryTakeAlong(1) || Delete(edges[edges.Count - 1]) != GraphError.None)
            {
                return false;
            }
        }

        return true;
    }

    private GraphError Delete(EdgeEntry? edge)
    {
        if (edge is null)
        {
            return GraphError.NoSuchEdge;
        }

        if (!TryRewrite(edge.Edge.Id, edge.Edge.Properties))
        {
            return GraphError.TooLarge;
        }

        tables.RemoveEdge(edge);
        _undo.EdgeRemoved(edge);
        return GraphError.None;
    }
}
