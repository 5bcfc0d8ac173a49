using System.Runtime.InteropServices;
using SimGraph.Runtime;
using SimGraph.Storage.Lsm;

namespace SimGraph.Storage.Graph;

/// <summary>Reads one state of a graph from the tree. Made for one question: it has buffers, and shares nothing with others.</summary>
internal sealed class GraphReader(LsmTree tree, LsmSnapshot? at)
{
    // Most keys are shorter; the buffer grows for others.
    private const int KeyBytes = 64;

    private readonly PairBuffer _key = new(KeyBytes);

    public async ValueTask<GraphAnswer> AskAsync(GraphQuery query, CancellationToken cancellation)
    {
        switch (query)
        {
            case GetNode get:
                return new NodeAnswer(await FindNodeAsync(get.Node, cancellation));
            case GetEdge get:
                return new EdgeAnswer(await FindEdgeAsync(get.Edge, cancellation));
            case CountNodes { Label: { } label }:
                LsmValue count = await GetAsync(_key.Begin(KeySpace.LabelCounter).Name(label), cancellation);
                return new CountAnswer(count.Found ? (long)ElementRecord.ReadNumber(_key.Key, count.Value.Span) : 0);
            case CountNodes:
                return new CountAnswer((await ReadCountersAsync(cancellation)).Nodes);
            case Neighbours neighbours:
                return (await GetAsync(_key.Begin(KeySpace.Node).Id(neighbours.Node), cancellation)).Found
                    ? await new NeighbourPage(tree, at, neighbours).ReadAsync(cancellation)
                    : new FailedAnswer(GraphError.NoSuchNode);
            case FindByLabel find:
                return await ListAsync(_key.Begin(KeySpace.LabelIndex).Name(find.Label), find.After, find.Limit, cancellation);
            case FindEdgesByType find:
                return await ListAsync(_key.Begin(KeySpace.EdgeTypes).Name(find.Type), find.After, find.Limit, cancellation);
            case FindByProperty find:
                return await FindAsync(find, cancellation);
            default:
                throw new InvariantViolationException($"A query of kind {query.Kind} is not answered anywhere: GraphReader misses it.");
        }
    }

    public async ValueTask<GraphNode?> FindNodeAsync(ElementId id, CancellationToken cancellation)
    {
        LsmValue found = await GetAsync(_key.Begin(KeySpace.Node).Id(id), cancellation);
        return found.Found ? ElementRecord.ReadNode(id, found.Value.Span, names: null) : null;
    }

    public async ValueTask<GraphEdge?> FindEdgeAsync(ElementId id, CancellationToken cancellation)
    {
        LsmValue found = await GetAsync(_key.Begin(KeySpace.Edge).Id(id), cancellation);
        return found.Found ? ElementRecord.ReadEdge(id, found.Value.Span, names: null) : null;
    }

    public async ValueTask<GraphCounters> ReadCountersAsync(CancellationToken cancellation)
    {
        LsmValue found = await GetAsync(_key.Begin(KeySpace.Meta), cancellation);
        return found.Found ? GraphCounters.Read(_key.Key, found.Value.Span) : default;
    }

    public async ValueTask<IndexSet> ReadIndexesAsync(CancellationToken cancellation)
    {
        List<IndexState> indexes = [];
        byte[] start = _key.Begin(KeySpace.IndexDefinition).CopyKey();
        await using LsmCursor cursor = tree.OpenCursor(new LsmRange(start, _key.Successor().CopyKey()), at);
        await cursor.MoveToFirstAsync(cancellation);
        while (cursor.IsValid)
        {
            indexes.Add(IndexState.Read(cursor.Key.Span, cursor.Value.Span));
            if (indexes.Count > GraphLimits.IndexesMax)
            {
                throw new GraphStoreCorruptException(cursor.Key.Span, $"there are more than {GraphLimits.IndexesMax} indexes");
            }

            if (!cursor.TryMoveNext())
            {
                await cursor.MoveNextAsync(cancellation);
            }
        }

        // The tree has them in the order of their UTF-8, a set in the order of their UTF-16.
        indexes.Sort(static (left, right) => left.Definition.CompareTo(right.Definition));
        return new IndexSet(CollectionsMarshal.AsSpan(indexes));
    }

    /// <summary>The nodes with ids in a range that has both its ends: one range scan.</summary>
    public async ValueTask<NodePage> ListNodesAsync(ElementId first, ElementId last, int limit, CancellationToken cancellation)
    {
        List<GraphNode> nodes = [];
        byte[] start = _key.Begin(KeySpace.Node).Id(first).CopyKey();
        byte[] end = _key.Begin(KeySpace.Node).Id(last).Successor().CopyKey();
        await using LsmCursor cursor = tree.OpenCursor(new LsmRange(start, end), at);
        await cursor.MoveToFirstAsync(cancellation);
        while (cursor.IsValid && nodes.Count < limit)
        {
            nodes.Add(ElementRecord.ReadNode(ElementRecord.ReadKeyId(cursor.Key.Span), cursor.Value.Span, names: null));
            if (!cursor.TryMoveNext())
            {
                await cursor.MoveNextAsync(cancellation);
            }
        }

        return new NodePage(ImmutableCollectionsMarshal.AsImmutableArray(nodes.ToArray()), cursor.IsValid);
    }

    private async ValueTask<LsmValue> GetAsync(PairBuffer key, CancellationToken cancellation) => await tree.GetAsync(key.KeyMemory, at, cancellation);

    /// <summary>Lists the ids behind a prefix: one range scan.</summary>
    private async ValueTask<ElementsAnswer> ListAsync(PairBuffer prefix, ElementId after, int limit, CancellationToken cancellation)
    {
        byte[] start = prefix.CopyKey();
        byte[] end = prefix.Successor().CopyKey();
        if (after.Value == ulong.MaxValue)
        {
            return new ElementsAnswer([], More: false);
        }

        start = _key.Begin((KeySpace)start[0]).Raw(start.AsSpan(1)).Id(new ElementId(after.Value + 1)).CopyKey();
        (ElementId[] ids, bool more) = await ScanAsync(new LsmRange(start, end), limit, cancellation);
        return new ElementsAnswer(ImmutableCollectionsMarshal.AsImmutableArray(ids), more);
    }

    private async ValueTask<GraphAnswer> FindAsync(FindByProperty query, CancellationToken cancellation)
    {
        LsmValue index = await GetAsync(_key.Begin(KeySpace.IndexDefinition).Byte((byte)query.Target).Name(query.Key), cancellation);
        if (!index.Found)
        {
            return new FailedAnswer(GraphError.NoSuchIndex);
        }

        (ElementId[] ids, bool more) = await ScanAsync(IndexRange.Of(query, _key), query.Limit, cancellation);
        PropertyPosition? next = null;
        if (more)
        {
            PropertyMap? properties = query.Target == ElementKind.Node
                ? (await FindNodeAsync(ids[^1], cancellation))?.Properties
                : (await FindEdgeAsync(ids[^1], cancellation))?.Properties;
            PropertyValue value = default;
            if (properties?.TryGet(query.Key, out value) != true)
            {
                throw new GraphStoreCorruptException(_key.Key, $"the index on {query.Key} has an entry for it, and there is no such property");
            }

            next = new PropertyPosition(value, ids[^1]);
        }

        return new ElementsAnswer(ImmutableCollectionsMarshal.AsImmutableArray(ids), more, next);
    }

    private async ValueTask<(ElementId[] Ids, bool More)> ScanAsync(LsmRange range, int limit, CancellationToken cancellation)
    {
        List<ElementId> ids = [];
        await using LsmCursor cursor = tree.OpenCursor(range, at);
        await cursor.MoveToFirstAsync(cancellation);
        while (cursor.IsValid && ids.Count < limit)
        {
            ids.Add(ElementRecord.ReadKeyId(cursor.Key.Span));
            if (!cursor.TryMoveNext())
            {
                await cursor.MoveNextAsync(cancellation);
            }
        }

        return (ids.ToArray(), cursor.IsValid);
    }
}
