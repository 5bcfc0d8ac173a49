using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Storage.Graph.Model;

/// <summary>An edge in the tables: its present content, the hash of that, and the nodes at its ends.</summary>
internal sealed class EdgeEntry(GraphEdge edge, UInt128 digest, NodeEntry from, NodeEntry to)
{
    public GraphEdge Edge { get; set; } = edge;

    public UInt128 Digest { get; set; } = digest;

    public NodeEntry From { get; } = from;

    public NodeEntry To { get; } = to;
}
