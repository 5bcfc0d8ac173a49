using SimGraph.Storage.Graph;
using SimGraph.Storage.Lsm;

namespace SimGraph.Query;

/// <summary>A graph as it was after one command: whatever is asked of it is answered from that state. Thread-safe. Dispose it behind its streams.</summary>
public sealed class GraphView : IDisposable
{
    private readonly GraphStore _store;
    private readonly LsmSnapshot _snapshot;

    /// <summary>The graph as it is now.</summary>
    /// <exception cref="LsmClosedException">The store's tree is stopped.</exception>
    public GraphView(GraphStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _snapshot = store.TakeSnapshot();
    }

    /// <summary>Index of the last log entry that is in it. No element is newer.</summary>
    public ulong Index => _snapshot.Sequence;

    /// <summary>Answers a question.</summary>
    public ValueTask<GraphAnswer> AskAsync(GraphQuery query, CancellationToken cancellation) => _store.AskAsync(query, _snapshot, cancellation);

    /// <summary>Lets the state go. Idempotent; what still reads it fails.</summary>
    public void Dispose() => _snapshot.Dispose();

    internal ValueTask<NodePage> ListNodesAsync(ElementId first, ElementId last, int limit, CancellationToken cancellation) =>
        _store.ListNodesAsync(first, last, limit, _snapshot, cancellation);

    /// <summary>A page of neighbours; null when there is no such node.</summary>
    internal async ValueTask<NeighboursAnswer?> ListNeighboursAsync(Neighbours query, CancellationToken cancellation) =>
        await AskAsync(query, cancellation) as NeighboursAnswer;
}
