// Applies the operations of a command to what was loaded for it: no I/O, and nothing that outlives a refusal. The rules are those of
// CommandApplier, which is the model that the tests hold this against.

using SimGraph.Runtime;
using SimGraph.Runtime.Probes;

namespace SimGraph.Storage.Graph;

/// <summary>Applies a command to <see cref="PendingChanges"/>.</summary>
internal sealed class ChangeApplier(PendingChanges changes, NameTable names, IProbes probes)
{
    private GraphCounters _before;
    private ulong _logIndex;
    private long _sideEffects;
    private long _rewrittenBytes;

    public GraphOutcome Apply(GraphCommand command, ulong logIndex, int loaded, GraphCounters before)
    {
        _before = before;
        _logIndex = logIndex;
        _sideEffects = 0;
        _rewrittenBytes = 0;
        ReadOnlySpan<GraphOperation> operations = command.AsSpan();
        OperationResult[] results = new OperationResult[operations.Length];
        for (int i = 0; i < operations.Length; i++)
        {
            Invariant.Check(i < loaded, "a command that takes too much along is refused where loading stopped");
            GraphError error = Apply(operations[i], ElementId.Of(logIndex, i), out results[i]);
            if (error != GraphError.None)
            {
                return GraphOutcome.Failed(error, i);
            }
        }

        return GraphOutcome.Applied(results);
    }

    private GraphError Apply(GraphOperation operation, ElementId newId, out OperationResult result)
    {
        result = OperationResult.None;
        switch (operation)
        {
            case CreateNode create:
                result = OperationResult.OfElement(newId);
                return Create(create, newId);
            case IncrementNodeProperty increment:
                return Increment(increment, FindNode(increment.Node), out result);
            case SetNodeProperty set:
                return Replace(FindNode(set.Node), set.Key, set.Value);
            case CreateEdge create:
                result = OperationResult.OfElement(newId);
                return Create(create, newId);
            case SetEdgeProperty set:
                return Replace(FindEdge(set.Edge), set.Key, set.Value);
            case CompareAndSetNodeProperty compareAndSet:
                return CompareAndSet(compareAndSet, FindNode(compareAndSet.Node));
            case RemoveNodeProperty remove:
                return Replace(FindNode(remove.Node), remove.Key, value: null);
            case RemoveEdgeProperty remove:
                return Replace(FindEdge(remove.Edge), remove.Key, value: null);
            case DeleteNode delete:
                return Delete(FindNode(delete.Node));
            case DeleteEdge delete:
                return Delete(FindEdge(delete.Edge));
            case AddLabel add:
                return FindNode(add.Node) is { } unlabelled
                    ? Relabel(unlabelled, unlabelled.Current(names).Labels.With(add.Label))
                    : GraphError.NoSuchNode;
            case RemoveLabel remove:
                return FindNode(remove.Node) is { } labelled
                    ? Relabel(labelled, labelled.Current(names).Labels.Without(remove.Label))
                    : GraphError.NoSuchNode;
            case DefineIndex define:
                return Define(new IndexDefinition(define.Target, define.Key));
            case DropIndex drop:
                return Drop(new IndexDefinition(drop.Target, drop.Key));
            default:
                throw new InvariantViolationException($"An operation of kind {operation.Kind} is not applied anywhere: ChangeApplier misses it.");
        }
    }

    private PendingNode? FindNode(ElementReference reference) =>
        changes.TryGetNode(reference.Resolve(_logIndex), out PendingNode? node) && node.Exists ? node : null;

    private PendingEdge? FindEdge(ElementReference reference) =>
        changes.TryGetEdge(reference.Resolve(_logIndex), out PendingEdge? edge) && edge.Exists ? edge : null;

    private GraphError Create(CreateNode create, ElementId newId)
    {
        if (!changes.Indexes.Accept(ElementKind.Node, create.Properties))
        {
            return GraphError.TooLarge;
        }

        PendingNode node = new(newId);
        node.Replace(new GraphNode(newId, create.Labels, create.Properties));
        changes.Add(node);
        changes.NodesDelta++;
        return GraphError.None;
    }

    private GraphError Create(CreateEdge create, ElementId newId)
    {
        if (FindNode(create.From) is not { } from || FindNode(create.To) is not { } to)
        {
            return GraphError.NoSuchNode;
        }

        if (!changes.Indexes.Accept(ElementKind.Edge, create.Properties))
        {
            return GraphError.TooLarge;
        }

        PendingEdge edge = new(newId);
        edge.Replace(new GraphEdge(newId, from.Id, to.Id, create.Type, create.Properties));
        changes.Add(edge);
        from.Add(edge);
        to.Add(edge);
        changes.EdgesDelta++;
        return GraphError.None;
    }

    private GraphError Increment(IncrementNodeProperty increment, PendingNode? node, out OperationResult result)
    {
        result = OperationResult.None;
        if (node is null)
        {
            return GraphError.NoSuchNode;
        }

        long before = 0;
        if (node.Current(names).Properties.TryGet(increment.Key, out PropertyValue value))
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

    private GraphError CompareAndSet(CompareAndSetNodeProperty operation, PendingNode? node)
    {
        if (node is null)
        {
            return GraphError.NoSuchNode;
        }

        PropertyValue? actual = node.Current(names).Properties.TryGet(operation.Key, out PropertyValue value) ? value : null;
        return actual == operation.Expected ? Replace(node, operation.Key, operation.Value) : GraphError.Conflict;
    }

    /// <summary>Sets a property, or takes it away when there is no value.</summary>
    private GraphError Replace(PendingNode? pending, string key, PropertyValue? value)
    {
        if (pending is null)
        {
            return GraphError.NoSuchNode;
        }

        GraphNode node = pending.Current(names);
        GraphError error = Change(ElementKind.Node, node.Properties, key, value, out PropertyMap after);
        if (error != GraphError.None || ReferenceEquals(after, node.Properties))
        {
            return error;
        }

        if (!TryRewrite(pending.IsStored && !pending.IsChanged ? node.Properties.EncodedBytes : 0))
        {
            return GraphError.TooLarge;
        }

        pending.Replace(new GraphNode(node.Id, node.Labels, after));
        return GraphError.None;
    }

    /// <summary>Sets a property, or takes it away when there is no value.</summary>
    private GraphError Replace(PendingEdge? pending, string key, PropertyValue? value)
    {
        if (pending is null)
        {
            return GraphError.NoSuchEdge;
        }

        GraphEdge edge = pending.Current(names);
        GraphError error = Change(ElementKind.Edge, edge.Properties, key, value, out PropertyMap after);
        if (error != GraphError.None || ReferenceEquals(after, edge.Properties))
        {
            return error;
        }

        if (!TryRewrite(pending.IsStored && !pending.IsChanged ? edge.Properties.EncodedBytes : 0))
        {
            return GraphError.TooLarge;
        }

        pending.Replace(new GraphEdge(edge.Id, edge.From, edge.To, edge.Type, after));
        return GraphError.None;
    }

    private GraphError Change(ElementKind target, PropertyMap before, string key, PropertyValue? value, out PropertyMap after)
    {
        after = value is { } present ? before.With(key, present) : before.Without(key);
        return ReferenceEquals(before, after) || (after.IsWithinLimits && IndexAccepts(target, key, value)) ? GraphError.None : GraphError.TooLarge;
    }

    private GraphError Relabel(PendingNode pending, LabelSet after)
    {
        GraphNode node = pending.Current(names);
        if (ReferenceEquals(after, node.Labels))
        {
            return GraphError.None;
        }

        if (after.Count > GraphLimits.LabelsPerNodeMax
            || !TryRewrite(pending.IsStored && !pending.IsChanged ? node.Properties.EncodedBytes : 0))
        {
            return GraphError.TooLarge;
        }

        pending.Replace(new GraphNode(node.Id, after, node.Properties));
        return GraphError.None;
    }

    private GraphError Delete(PendingNode? node)
    {
        if (node is null)
        {
            return GraphError.NoSuchNode;
        }

        // An edge from the node to itself is listed twice, and goes with the first.
        long before = _sideEffects;
        if (!TryDeleteAll(node.StoredEdges) || !TryDeleteAll(node.CreatedEdges)
            || !TryRewrite(node.IsStored && !node.IsChanged ? node.Current(names).Properties.EncodedBytes : 0))
        {
            return GraphError.TooLarge;
        }

        if (_sideEffects > before)
        {
            probes.Reachable("graph.cascade-delete");
        }

        node.Delete(names);
        changes.NodesDelta--;
        return GraphError.None;
    }

    private bool TryDeleteAll(List<PendingEdge>? edges)
    {
        if (edges is null)
        {
            return true;
        }

        foreach (PendingEdge edge in edges)
        {
            if (edge.Exists && (!TryTakeAlong(1) || Delete(edge) != GraphError.None))
            {
                return false;
            }
        }

        return true;
    }

    private GraphError Delete(PendingEdge? edge)
    {
        if (edge is null)
        {
            return GraphError.NoSuchEdge;
        }

        if (!TryRewrite(edge.IsStored && !edge.IsChanged ? edge.Current(names).Properties.EncodedBytes : 0))
        {
            return GraphError.TooLarge;
        }

        edge.Delete(names);
        changes.EdgesDelta--;
        return GraphError.None;
    }

    private GraphError Define(IndexDefinition index)
    {
        if (changes.Indexes.Has(index))
        {
            return GraphError.IndexExists;
        }

        long elements = index.Target == ElementKind.Node ? _before.Nodes + changes.NodesDelta : _before.Edges + changes.EdgesDelta;
        if (changes.Indexes.Count == GraphLimits.IndexesMax || !TryTakeAlong(elements) || !TrySumValues(index, out long bytes)
            || !TryRewrite(bytes))
        {
            return GraphError.TooLarge;
        }

        changes.Indexes = changes.Indexes.With(index);
        return GraphError.None;
    }

    private GraphError Drop(IndexDefinition index)
    {
        if (!changes.Indexes.Has(index))
        {
            return GraphError.NoSuchIndex;
        }

        changes.Indexes = changes.Indexes.Without(index);
        return GraphError.None;
    }

    /// <summary>Sums up the encoded bytes of what would be in the index. False when a value is too long for one.</summary>
    private bool TrySumValues(IndexDefinition index, out long bytes)
    {
        bytes = 0;
        if (index.Target == ElementKind.Node)
        {
            foreach (PendingNode node in changes.Nodes)
            {
                if (node.Exists && !TryAdd(node.Current(names).Properties, index.Key, ref bytes))
                {
                    return false;
                }
            }

            return true;
        }

        foreach (PendingEdge edge in changes.Edges)
        {
            if (edge.Exists && !TryAdd(edge.Current(names).Properties, index.Key, ref bytes))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryAdd(PropertyMap properties, string key, ref long bytes)
    {
        if (!properties.TryGet(key, out PropertyValue value))
        {
            return true;
        }

        bytes += value.EncodedBytes;
        return IndexDefinition.Accepts(value);
    }

    private bool IndexAccepts(ElementKind target, string key, PropertyValue? value) =>
        value is not { } present || IndexDefinition.Accepts(present) || !changes.Indexes.Has(new IndexDefinition(target, key));

    private bool TryRewrite(long bytes)
    {
        _rewrittenBytes += bytes;
        return _rewrittenBytes <= GraphLimits.RewrittenBytesPerCommandMax;
    }

    private bool TryTakeAlong(long elements)
    {
        _sideEffects += elements;
        return _sideEffects <= GraphLimits.SideEffectsPerCommandMax;
    }
}
