namespace SimGraph.Replication.Node;

/// <summary>The queries of one turn: they are confirmed together, by one round of heartbeats.</summary>
internal sealed class ReadBatch(ulong context)
{
    /// <summary>Names the batch to the consensus core.</summary>
    public ulong Context => context;

    /// <summary>The index to be applied before answering, once confirmed.</summary>
    public ulong Index { get; set; }

    /// <summary>The queries, in the order in which they came.</summary>
    public List<PendingRead> Reads { get; } = [];
}
