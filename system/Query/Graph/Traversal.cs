// Breadth first, level by level: the neighbours of each node of a level in the level's order, each node's in the order of its edges. In parallel the neighbours of
// a level are read by several workers at once, and merged in the level's order; so both ways give the same nodes in the same order.

using SimGraph.Storage.Graph;

namespace SimGraph.Query;

/// <summary>One traversal; used once.</summary>
internal sealed class Traversal(GraphView view, ElementId start, TraversalOptions traversal, QueryOptions options)
{
    private readonly HashSet<ElementId> _visited = [];
    private List<ElementId> _level = [];

    public async Task RunAsync(ResultWriter<Visit> writer, WorkerPool? pool, CancellationToken cancellation)
    {
        if (await view.AskAsync(new GetNode(start), cancellation) is not NodeAnswer { Node: not null })
        {
            throw new NodeNotFoundException(start, view.Index);
        }

        _visited.Add(start);
        _level.Add(start);
        await writer.WriteAsync(new Visit(start, 0), cancellation);
        for (int depth = 1; depth <= traversal.Depth && _level.Count > 0; depth++)
        {
            List<ElementId> next = [];
            int position = 0;
            while (position < _level.Count)
            {
                int count = Math.Min(pool is null ? 1 : pool.Workers, _level.Count - position);
                List<ElementId>[] found = new List<ElementId>[count];
                if (pool is null)
                {
                    found[0] = await ReadAsync(_level[position], cancellation);
                }
                else
                {
                    await ReadAsync(pool, position, found, cancellation);
                }

                await MergeAsync(found, next, depth, writer, cancellation);
                position += count;
            }

            _level = next;
        }
    }

    private async Task ReadAsync(WorkerPool pool, int position, List<ElementId>[] found, CancellationToken cancellation)
    {
        var bodies = new Func<PoolWorker, CancellationToken, Task>[found.Length];
        for (int i = 0; i < bodies.Length; i++)
        {
            int number = i;
            bodies[i] = async (_, token) => found[number] = await ReadAsync(_level[position + number], token);
        }

        await PoolFork.RunAllAsync(pool, bodies, cancellation);
    }

    private async Task MergeAsync(
        List<ElementId>[] found, List<ElementId> next, int depth, ResultWriter<Visit> writer, CancellationToken cancellation)
    {
        foreach (List<ElementId> neighbours in found)
        {
            foreach (ElementId neighbour in neighbours)
            {
                if (_visited.Contains(neighbour))
                {
                    continue;
                }

                if (_visited.Count == options.VisitedMax)
                {
                    throw new QueryLimitException(
                        $"the traversal from {start} meets more than {options.VisitedMax} nodes: take a smaller depth, or raise {nameof(QueryOptions.VisitedMax)}");
                }

                _visited.Add(neighbour);
                next.Add(neighbour);
                await writer.WriteAsync(new Visit(neighbour, depth), cancellation);
            }
        }
    }

    private async Task<List<ElementId>> ReadAsync(ElementId node, CancellationToken cancellation)
    {
        List<ElementId> found = [];
        HashSet<ElementId> distinct = [];
        ElementId after = default;
        bool more = true;
        while (more)
        {
            cancellation.ThrowIfCancellationRequested();
            NeighboursAnswer? page = await view.ListNeighboursAsync(
                new Neighbours(node, traversal.Direction, traversal.Type, after, options.PageSize), cancellation);
            if (page is null)
            {
                throw new GraphStoreException($"node {node} is the end of an edge and does not exist at entry {view.Index}: verify the store");
            }

            foreach (Neighbour neighbour in page.Neighbours)
            {
                after = neighbour.Edge;
                if (distinct.Add(neighbour.Node))
                {
                    found.Add(neighbour.Node);
                    if (found.Count > options.VisitedMax)
                    {
                        throw new QueryLimitException($"node {node} has more than {options.VisitedMax} neighbours");
                    }
                }
            }

            more = page.More;
        }

        return found;
    }
}
