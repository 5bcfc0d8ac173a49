// Reads from the tree what a command may look at, and no more, before anything of it is applied. So applying is a core without I/O, and a read
// that fails leaves nothing half done.
//
// Bound: beyond what operations name, a command loads the edges of nodes that it deletes and the elements that new indexes are on, each element
// once. Each of those counts as a side effect when it is applied, unless an operation of its own deletes it first. So when more are loaded than
// the limit of side effects and one for each operation, the command is refused at this operation or before it: loading stops, and applying
// arrives at the same refusal as if everything had been loaded.

using SimGraph.Storage.Lsm;

namespace SimGraph.Storage.Graph;

/// <summary>Fills <see cref="PendingChanges"/> for a command.</summary>
internal sealed class ChangeLoader(LsmTree tree, PendingChanges changes)
{
    private readonly PairBuffer _key = new();
    private int _takenAlong;
    private int _takenAlongMax;
    private bool _hasAllNodes;
    private bool _hasAllEdges;

    /// <summary>Loads what the operations need, and says for how many of them. The one behind those is never arrived at.</summary>
    public async ValueTask<int> LoadAsync(GraphCommand command, ulong logIndex, GraphCounters counters, CancellationToken cancellation)
    {
        _takenAlong = 0;
        _takenAlongMax = GraphLimits.SideEffectsPerCommandMax + command.Operations.Length;
        _hasAllNodes = false;
        _hasAllEdges = false;
        int loaded = 0;
        while (loaded < command.Operations.Length && _takenAlong <= _takenAlongMax)
        {
            GraphOperation operation = command.Operations[loaded++];
            if (IsById(operation.NodeReference, logIndex, out ElementId node))
            {
                await LoadNodeAsync(node, cancellation);
                if (operation.Kind == OperationKind.DeleteNode)
                {
                    await LoadEdgesAsync(node, cancellation);
                }
            }

            if (IsById(operation.SecondNodeReference, logIndex, out node))
            {
                await LoadNodeAsync(node, cancellation);
            }

            if (IsById(operation.EdgeReference, logIndex, out ElementId edge))
            {
                await LoadEdgeAsync(edge, cancellation);
            }

            if (operation is DefineIndex define)
            {
                await LoadAllAsync(define.Target, counters, cancellation);
            }
        }

        return loaded;
    }

    /// <summary>True when the reference is to something that can be in the tree.</summary>
    private static bool IsById(ElementReference? reference, ulong logIndex, out ElementId id)
    {
        id = reference is { CreatedByOperation: null } present ? present.Id : default;
        return id != default && id.LogIndex < logIndex;
    }

    private async ValueTask LoadNodeAsync(ElementId id, CancellationToken cancellation)
    {
        if (changes.TryGetNode(id, out _))
        {
            return;
        }

        LsmValue found = await tree.GetAsync(_key.Begin(KeySpace.Node).Id(id).KeyMemory, at: null, cancellation);
        if (found.Found)
        {
            changes.Add(PendingNode.Stored(id, found.Value));
        }
    }

    private async ValueTask LoadEdgeAsync(ElementId id, CancellationToken cancellation)
    {
        if (changes.TryGetEdge(id, out _))
        {
            return;
        }

        LsmValue found = await tree.GetAsync(_key.Begin(KeySpace.Edge).Id(id).KeyMemory, at: null, cancellation);
        if (found.Found)
        {
            changes.Add(PendingEdge.Stored(id, found.Value));
        }
    }

    private async ValueTask LoadEdgesAsync(ElementId id, CancellationToken cancellation)
    {
        if (!changes.TryGetNode(id, out PendingNode? node) || node.StoredEdges is not null)
        {
            return;
        }

        node.StoredEdges = [];
        await LoadEdgesAsync(node, node.StoredEdges, KeySpace.Outgoing, cancellation);
        await LoadEdgesAsync(node, node.StoredEdges, KeySpace.Incoming, cancellation);
    }

    private async ValueTask LoadEdgesAsync(PendingNode node, List<PendingEdge> edges, KeySpace space, CancellationToken cancellation)
    {
        LsmRange range = Prefix(_key.Begin(space).Id(node.Id));
        await using LsmCursor cursor = tree.OpenCursor(range, at: null);
        await cursor.MoveToFirstAsync(cancellation);
        while (cursor.IsValid && _takenAlong <= _takenAlongMax)
        {
            ElementId id = ElementRecord.ReadKeyId(cursor.Key.Span);
            await LoadEdgeAsync(id, cancellation);
            if (!changes.TryGetEdge(id, out PendingEdge? edge))
            {
                throw new GraphStoreCorruptException(cursor.Key.Span, "there is no edge with this id");
            }

            edges.Add(edge);
            TakeAlong(edge);
            if (!cursor.TryMoveNext())
            {
                await cursor.MoveNextAsync(cancellation);
            }
        }
    }

    private async ValueTask LoadAllAsync(ElementKind kind, GraphCounters counters, CancellationToken cancellation)
    {
        if (kind == ElementKind.Node ? _hasAllNodes : _hasAllEdges)
        {
            return;
        }

        long elements = kind == ElementKind.Node ? counters.Nodes : counters.Edges;
        if (elements > _takenAlongMax)
        {
            _takenAlong = _takenAlongMax + 1;
            return;
        }

        _hasAllNodes |= kind == ElementKind.Node;
        _hasAllEdges |= kind == ElementKind.Edge;
        LsmRange range = Prefix(_key.Begin(kind == ElementKind.Node ? KeySpace.Node : KeySpace.Edge));
        await using LsmCursor cursor = tree.OpenCursor(range, at: null);
        await cursor.MoveToFirstAsync(cancellation);
        while (cursor.IsValid && _takenAlong <= _takenAlongMax)
        {
            ElementId id = ElementRecord.ReadKeyId(cursor.Key.Span);
            if (kind == ElementKind.Node)
            {
                _takenAlong++;
                if (!changes.TryGetNode(id, out _))
                {
                    changes.Add(PendingNode.Stored(id, cursor.Value.ToArray()));
                }
            }
            else
            {
                if (!changes.TryGetEdge(id, out PendingEdge? edge))
                {
                    edge = PendingEdge.Stored(id, cursor.Value.ToArray());
                    changes.Add(edge);
                }

                TakeAlong(edge);
            }

            if (!cursor.TryMoveNext())
            {
                await cursor.MoveNextAsync(cancellation);
            }
        }
    }

    private void TakeAlong(PendingEdge edge)
    {
        _takenAlong += edge.IsTakenAlong ? 0 : 1;
        edge.IsTakenAlong = true;
    }

    private static LsmRange Prefix(PairBuffer prefix)
    {
        byte[] start = prefix.CopyKey();
        return new LsmRange(start, prefix.Successor().CopyKey());
    }
}
