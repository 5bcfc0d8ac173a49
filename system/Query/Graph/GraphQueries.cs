using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Graph;

namespace SimGraph.Query;

/// <summary>Queries over a graph: streams, and counts. Thread-safe. What it starts ends with its owner at the latest.</summary>
public sealed class GraphQueries
{
    // Ranges of ids for each worker: one that holds little leaves its worker to another.
    private const int RangesPerWorker = 4;

    private readonly TaskScope _owner;
    private readonly QueryOptions _options;

    /// <param name="owner">Owns the streams.</param>
    /// <param name="options">Sizes and limits.</param>
    public GraphQueries(TaskScope owner, QueryOptions options)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _owner = owner;
        _options = options;
    }

    /// <summary>All nodes, in ascending order of their ids.</summary>
    public ResultStream<GraphNode> Nodes(GraphView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return ResultStream.Start<GraphNode>(
            _owner,
            "nodes",
            (writer, cancellation) => ScanAsync(view, default, new ElementId(ulong.MaxValue), node => writer.WriteAsync(node, cancellation), cancellation),
            _options.Stream);
    }

    /// <summary>The nodes with a label, in ascending order of their ids.</summary>
    public ResultStream<GraphNode> NodesWithLabel(GraphView view, string label)
    {
        ArgumentNullException.ThrowIfNull(view);
        var query = new FindByLabel(label, default, _options.PageSize);
        return ResultStream.Start<GraphNode>(_owner, "nodes-with-label", (writer, cancellation) => FindAsync(view, query, writer, cancellation), _options.Stream);
    }

    /// <summary>The nodes that are reached from a start, nearest first, each once; the start is the first of them.</summary>
    /// <param name="view">The state to read.</param>
    /// <param name="start">Where to begin. When it is not there, reading fails with a <see cref="NodeNotFoundException"/>.</param>
    /// <param name="traversal">Which way to go.</param>
    /// <param name="pool">Reads with its workers, in the same order; null: without.</param>
    public ResultStream<Visit> Traverse(GraphView view, ElementId start, TraversalOptions traversal, WorkerPool? pool = null)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(traversal);
        return ResultStream.Start<Visit>(
            _owner,
            pool is null ? "traverse" : "traverse-parallel",
            (writer, cancellation) => new Traversal(view, start, traversal, _options).RunAsync(writer, pool, cancellation),
            _options.Stream);
    }

    /// <summary>How many nodes have each label, from a scan of all nodes.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountByLabelAsync(GraphView view, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(view);
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        await CountAsync(view, (default, new ElementId(ulong.MaxValue)), counts, cancellation);
        return counts;
    }

    /// <summary>The same, with the workers of a pool.</summary>
    /// <exception cref="PoolClosedException">The pool is stopping.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the pool stopped. Nothing of the count runs any more.</exception>
    public async Task<IReadOnlyDictionary<string, long>> CountByLabelAsync(GraphView view, WorkerPool pool, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(pool);
        (ElementId First, ElementId Last)[] ranges = Split(view.Index, pool.Workers * RangesPerWorker);
        var parts = new SortedDictionary<string, long>[ranges.Length];
        var bodies = new Func<PoolWorker, CancellationToken, Task>[ranges.Length];
        for (int i = 0; i < ranges.Length; i++)
        {
            int number = i;
            parts[i] = new SortedDictionary<string, long>(StringComparer.Ordinal);
            bodies[i] = (_, token) => CountAsync(view, ranges[number], parts[number], token);
        }

        await PoolFork.RunAllAsync(pool, bodies, cancellation);
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (SortedDictionary<string, long> part in parts)
        {
            foreach ((string label, long count) in part)
            {
                Add(counts, label, count);
            }
        }

        return counts;
    }

    /// <summary>Ranges of ids that have all ids up to an index of the log, and the last one all behind it.</summary>
    internal static (ElementId First, ElementId Last)[] Split(ulong index, int count)
    {
        ulong step = (index / (ulong)count) + 1;
        var ranges = new (ElementId First, ElementId Last)[count];
        for (int i = 0; i < count; i++)
        {
            ElementId first = ElementId.Of(Math.Min((ulong)i * step, ElementId.LogIndexMax), 0);
            ranges[i].First = first;
            ranges[i].Last = new ElementId(ulong.MaxValue);
            if (i > 0)
            {
                ranges[i - 1].Last = new ElementId(Math.Max(first.Value, 1) - 1);
            }
        }

        return ranges;
    }

    private async Task CountAsync(
        GraphView view, (ElementId First, ElementId Last) range, SortedDictionary<string, long> counts, CancellationToken cancellation) =>
        await ScanAsync(
            view,
            range.First,
            range.Last,
            node =>
            {
                foreach (string label in node.Labels)
                {
                    Add(counts, label, 1);
                }

                return ValueTask.CompletedTask;
            },
            cancellation);

    private void Add(SortedDictionary<string, long> counts, string label, long by)
    {
        counts.TryGetValue(label, out long count);
        counts[label] = count + by;
        if (counts.Count > _options.GroupsMax)
        {
            throw new QueryLimitException($"there are more than {_options.GroupsMax} labels to count: raise {nameof(QueryOptions.GroupsMax)}");
        }
    }

    private async Task ScanAsync(
        GraphView view, ElementId first, ElementId last, Func<GraphNode, ValueTask> onNode, CancellationToken cancellation)
    {
        bool more = true;
        while (more)
        {
            cancellation.ThrowIfCancellationRequested();
            NodePage page = await view.ListNodesAsync(first, last, _options.PageSize, cancellation);
            foreach (GraphNode node in page.Nodes)
            {
                await onNode(node);
            }

            more = page.More;
            first = more ? new ElementId(page.Nodes[^1].Id.Value + 1) : first;
        }
    }

    private static async Task FindAsync(GraphView view, FindByLabel query, ResultWriter<GraphNode> writer, CancellationToken cancellation)
    {
        bool more = true;
        while (more)
        {
            cancellation.ThrowIfCancellationRequested();
            var page = (ElementsAnswer)await view.AskAsync(query, cancellation);
            foreach (ElementId id in page.Elements)
            {
                GraphNode? node = ((NodeAnswer)await view.AskAsync(new GetNode(id), cancellation)).Node;
                if (node is null)
                {
                    throw new GraphStoreException($"node {id} is in the index of label '{query.Label}' and does not exist at entry {view.Index}: verify the store");
                }

                await writer.WriteAsync(node, cancellation);
            }

            more = page.More;
            query = more ? new FindByLabel(query.Label, page.Elements[^1], query.Limit) : query;
        }
    }
}
