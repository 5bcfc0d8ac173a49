using SimGraph.Properties.Storage.Graph.Model;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Lsm;

namespace SimGraph.Properties.Storage.Graph;

/// <summary>Holds a store against its model.</summary>
internal static class GraphComparison
{
    private const int PageSize = 2;

    /// <summary>Verifies the store, and compares each element and what the queries answer.</summary>
    /// <exception cref="StorageViolationException">They differ.</exception>
    public static async Task CompareAsync(GraphState model, GraphStore store, CancellationToken stop)
    {
        GraphVerification verification = await store.VerifyAsync(stop);
        if (!verification.IsSound)
        {
            throw new StorageViolationException("graph.unsound", string.Join("\n", verification.Problems));
        }

        if ((store.NodeCount, store.EdgeCount) != (model.NodeCount, model.EdgeCount))
        {
            throw new StorageViolationException(
                "graph.content", $"the store has {store.NodeCount} nodes and {store.EdgeCount} edges, the model {model.NodeCount} and {model.EdgeCount}");
        }

        await AskAllAsync(model, store, at: null, stop);
    }

    /// <summary>Compares each element and what the queries answer, from a snapshot or from now.</summary>
    /// <exception cref="StorageViolationException">They differ.</exception>
    public static async Task AskAllAsync(GraphState model, GraphStore store, LsmSnapshot? at, CancellationToken stop)
    {
        foreach (GraphNode node in model.ListNodes())
        {
            await AskAsync(model, store, new GetNode(node.Id), at, stop);
            await AskAsync(model, store, new Neighbours(node.Id), at, stop);
        }

        foreach (GraphEdge edge in model.ListEdges())
        {
            await AskAsync(model, store, new GetEdge(edge.Id), at, stop);
        }

        await AskAsync(model, store, new CountNodes(), at, stop);
        await AskAsync(model, store, new CountNodes("a"), at, stop);
        await AskAsync(model, store, new FindByLabel("name"), at, stop);
        await AskAsync(model, store, new FindEdgesByType("b"), at, stop);
        await AskPagesAsync(model, store, after => new FindByLabel("a", after, PageSize), at, stop);
        await AskPagesAsync(model, store, after => new FindEdgesByType("name", after, PageSize), at, stop);
        if (model.ListNodes() is { Count: > 0 } nodes)
        {
            await AskPagesAsync(model, store, after => new Neighbours(nodes[0].Id, EdgeDirection.Both, null, after, PageSize), at, stop);
        }

        foreach (string key in new[] { "a", "b", "name" })
        {
            await AskPagesAsync(model, store, new FindByProperty(ElementKind.Node, key, PropertyCondition.StartsWith(PropertyValue.From("te"))), at, stop);
            await AskPagesAsync(model, store, new FindByProperty(ElementKind.Edge, key, PropertyCondition.Between(PropertyValue.From(-5L), null)), at, stop);
        }
    }

    // Whole, and in pages of one and of two.
    private static async Task AskPagesAsync(GraphState model, GraphStore store, FindByProperty query, LsmSnapshot? at, CancellationToken stop)
    {
        await AskAsync(model, store, query, at, stop);
        for (int limit = 1; limit <= PageSize; limit++)
        {
            await AskPagesAsync(model, store, query, limit, at, stop);
        }
    }

    private static async Task AskPagesAsync(GraphState model, GraphStore store, FindByProperty query, int limit, LsmSnapshot? at, CancellationToken stop)
    {
        PropertyPosition? after = null;
        do
        {
            var page = new FindByProperty(query.Target, query.Key, query.Condition, after, limit);
            await AskAsync(model, store, page, at, stop);
            after = (model.Ask(page) as ElementsAnswer)?.Next;
        }
        while (after is not null);
    }

    private static async Task AskPagesAsync(GraphState model, GraphStore store, Func<ElementId, GraphQuery> query, LsmSnapshot? at, CancellationToken stop)
    {
        ElementId after = default;
        for (bool more = true; more;)
        {
            GraphQuery page = query(after);
            await AskAsync(model, store, page, at, stop);
            (more, after) = model.Ask(page) switch
            {
                ElementsAnswer { More: true } elements => (true, elements.Elements[^1]),
                NeighboursAnswer { More: true } neighbours => (true, neighbours.Neighbours[^1].Edge),
                _ => (false, default),
            };
        }
    }

    private static async Task AskAsync(GraphState model, GraphStore store, GraphQuery query, LsmSnapshot? at, CancellationToken stop)
    {
        GraphAnswer answer = await store.AskAsync(query, at, stop);
        GraphAnswer expected = model.Ask(query);
        if (!expected.Equals(answer))
        {
            throw new StorageViolationException(
                at is null ? "graph.content" : "graph.snapshot-moved", $"{query} was answered with {answer}, and the model says {expected}");
        }
    }
}
