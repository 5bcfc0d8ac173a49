using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Storage.Graph.Model;

/// <summary>A node in the tables: its present content, the hash of that, and its edges in order of their ids.</summary>
internal sealed class NodeEntry(GraphNode node, UInt128 digest)
{
    public GraphNode Node { get; set; } = node;

    public UInt128 Digest { get; set; } = digest;

    public AdjacencyList Outgoing { get; } = new();

    public AdjacencyList Incoming { get; } = new();
}
