using System.Diagnostics.CodeAnalysis;
using SimGraph.Runtime;

namespace SimGraph.Storage.Graph;

/// <summary>All that a command touches. Reused from command to command.</summary>
internal sealed class PendingChanges
{
    private readonly Dictionary<ElementId, PendingNode> _nodes = [];
    private readonly Dictionary<ElementId, PendingEdge> _edges = [];

    // A rare large command should not make every later Clear walk a large table.
    private const int CapacityKeptMax = 8 * 1024;

    public long NodesDelta { get; set; }

    public long EdgesDelta { get; set; }

    /// <summary>The indexes as the command has left them so far.</summary>
    public IndexSet Indexes { get; set; } = IndexSet.Empty;

    public Dictionary<ElementId, PendingNode>.ValueCollection Nodes => _nodes.Values;

    public Dictionary<ElementId, PendingEdge>.ValueCollection Edges => _edges.Values;

    public void Start(IndexSet indexes)
    {
        Clear(_nodes);
        Clear(_edges);
        NodesDelta = 0;
        EdgesDelta = 0;
        Indexes = indexes;
    }

    public bool TryGetNode(ElementId id, [NotNullWhen(true)] out PendingNode? node) => _nodes.TryGetValue(id, out node);

    public bool TryGetEdge(ElementId id, [NotNullWhen(true)] out PendingEdge? edge) => _edges.TryGetValue(id, out edge);

    public void Add(PendingNode node) => Invariant.Check(_nodes.TryAdd(node.Id, node), "a node is pending once");

    public void Add(PendingEdge edge) => Invariant.Check(_edges.TryAdd(edge.Id, edge), "an edge is pending once");

    private static void Clear<T>(Dictionary<ElementId, T> elements)
    {
        elements.Clear();
        if (elements.Capacity > CapacityKeptMax)
        {
            elements.TrimExcess(0);
        }
    }
}
