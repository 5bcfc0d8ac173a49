namespace SimGraph.Properties.Storage.Graph;

/// <summary>The graph store, with a tree and a log below it as in a replica, under crash test.</summary>
internal sealed class GraphSubject : IStorageSubject
{
    /// <inheritdoc/>
    public string Name => "graph";

    /// <inheritdoc/>
    public string Description => "the graph store on a tree and a log: a crash at every disk operation, every operation failing, long lives";

    /// <inheritdoc/>
    public IReadOnlyList<string> RequiredProbes { get; } = ["graph.cascade-delete", "storage-graph.replayed", "storage-graph.transferred", "storage-graph.truncated"];

    /// <inheritdoc/>
    public WorkloadPlan Draw(Random random, StorageSize size) => GraphPlan.Draw(random, size);
}
