// Nodes, edges, adjacency and label counts, changed only through eight primitive steps that each keep all of them, and the digest, consistent.
// Undoing a step is another primitive step, so a batch that is rolled back cannot leave an index behind.
//
// The digest is the sum, modulo 2^128, of a 128-bit hash of each element's canonical bytes. A sum does not depend on the order and can be
// taken back, so a change hashes the touched element alone (an incremental multiset hash in the manner of Bellare and Micciancio, 1997,
// without their claim against adversaries).

using System.Buffers;
using System.IO.Hashing;
using SimGraph.Runtime;
using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Storage.Graph.Model;

/// <summary>The content of a graph. Not thread-safe.</summary>
internal sealed class GraphTables
{
    private const long NodeSeed = 1;
    private const long EdgeSeed = 2;

    // 3 is the seed of the sessions.
    private const long IndexSeed = 4;

    private readonly Dictionary<ElementId, NodeEntry> _nodes = [];
    private readonly Dictionary<ElementId, EdgeEntry> _edges = [];
    private readonly Dictionary<string, long> _nodesByLabel = new(StringComparer.Ordinal);
    private readonly SortedSet<IndexDefinition> _indexes = [];
    private readonly ArrayBufferWriter<byte> _scratch = new();

    public UInt128 Digest { get; private set; }

    public int NodeCount => _nodes.Count;

    public int EdgeCount => _edges.Count;

    /// <summary>Definitions of indexes in order. This state answers from the elements themselves, and only knows which questions an index would allow.</summary>
    public IReadOnlyCollection<IndexDefinition> Indexes => _indexes;

    public bool HasIndex(IndexDefinition index) => _indexes.Contains(index);

    /// <summary>Sums up the encoded bytes of what would be in the index. False when a value is too long for one.</summary>
    public bool TrySumValues(IndexDefinition index, out long bytes)
    {
        bytes = 0;
        foreach (PropertyMap properties in index.Target == ElementKind.Node
            ? _nodes.Values.Select(entry => entry.Node.Properties)
            : _edges.Values.Select(entry => entry.Edge.Properties))
        {
            if (properties.TryGet(index.Key, out PropertyValue value))
            {
                bytes += value.EncodedBytes;
                if (!IndexDefinition.Accepts(value))
                {
                    return false;
                }
            }
        }

        return true;
    }

    public void AddIndex(IndexDefinition index)
    {
        Invariant.Check(_indexes.Add(index), "an index is defined once");
        Digest = unchecked(Digest + DigestOf(index));
    }

    public void RemoveIndex(IndexDefinition index)
    {
        Invariant.Check(_indexes.Remove(index), "an index that is dropped exists");
        Digest = unchecked(Digest - DigestOf(index));
    }

    public NodeEntry? FindNode(ElementId id) => _nodes.GetValueOrDefault(id);

    public EdgeEntry? FindEdge(ElementId id) => _edges.GetValueOrDefault(id);

    public long CountNodes(string label) => _nodesByLabel.GetValueOrDefault(label);

    /// <summary>All nodes in ascending order of their ids.</summary>
    public GraphNode[] SortedNodes()
    {
        GraphNode[] sorted = new GraphNode[_nodes.Count];
        int count = 0;
        foreach (NodeEntry entry in _nodes.Values)
        {
            sorted[count++] = entry.Node;
        }

        Array.Sort(sorted, static (left, right) => left.Id.CompareTo(right.Id));
        return sorted;
    }

    /// <summary>All edges in ascending order of their ids.</summary>
    public GraphEdge[] SortedEdges()
    {
        GraphEdge[] sorted = new GraphEdge[_edges.Count];
        int count = 0;
        foreach (EdgeEntry entry in _edges.Values)
        {
            sorted[count++] = entry.Edge;
        }

        Array.Sort(sorted, static (left, right) => left.Id.CompareTo(right.Id));
        return sorted;
    }

    public NodeEntry CreateNode(GraphNode node)
    {
        NodeEntry entry = new(node, DigestOf(node));
        AddNode(entry);
        return entry;
    }

    public EdgeEntry CreateEdge(GraphEdge edge, NodeEntry from, NodeEntry to)
    {
        EdgeEntry entry = new(edge, DigestOf(edge), from, to);
        AddEdge(entry);
        return entry;
    }

    public void AddNode(NodeEntry entry)
    {
        Invariant.Check(_nodes.TryAdd(entry.Node.Id, entry), "the id of a node is used once");
        Digest = unchecked(Digest + entry.Digest);
        Count(entry.Node.Labels);
    }

    /// <summary>Removes a node that has no edges any more.</summary>
    public void RemoveNode(NodeEntry entry)
    {
        Invariant.Check(entry.Outgoing.Count == 0 && entry.Incoming.Count == 0, "a node goes after its edges");
        Invariant.Check(_nodes.Remove(entry.Node.Id), "a node that is removed exists");
        Digest = unchecked(Digest - entry.Digest);
        Uncount(entry.Node.Labels);
    }

    public void AddEdge(EdgeEntry entry)
    {
        Invariant.Check(_edges.TryAdd(entry.Edge.Id, entry), "the id of an edge is used once");
        entry.From.Outgoing.Add(entry);
        entry.To.Incoming.Add(entry);
        Digest = unchecked(Digest + entry.Digest);
    }

    public void RemoveEdge(EdgeEntry entry)
    {
        Invariant.Check(_edges.Remove(entry.Edge.Id), "an edge that is removed exists");
        entry.From.Outgoing.Remove(entry);
        entry.To.Incoming.Remove(entry);
        Digest = unchecked(Digest - entry.Digest);
    }

    /// <summary>Gives a node other labels or properties.</summary>
    public void Replace(NodeEntry entry, LabelSet labels, PropertyMap properties)
    {
        GraphNode node = new(entry.Node.Id, labels, properties);
        Restore(entry, node, DigestOf(node));
    }

    /// <summary>Gives an edge other properties.</summary>
    public void ReplaceProperties(EdgeEntry entry, PropertyMap properties)
    {
        GraphEdge old = entry.Edge;
        entry.Edge = new GraphEdge(old.Id, old.From, old.To, old.Type, properties);
        ReplaceDigest(entry, DigestOf(entry.Edge));
    }

    /// <summary>Gives a node the content that it had before.</summary>
    public void Restore(NodeEntry entry, GraphNode node, UInt128 digest)
    {
        if (!ReferenceEquals(entry.Node.Labels, node.Labels))
        {
            Uncount(entry.Node.Labels);
            Count(node.Labels);
        }

        entry.Node = node;
        ReplaceDigest(entry, digest);
    }

    /// <summary>Gives an edge the content that it had before.</summary>
    public void Restore(EdgeEntry entry, GraphEdge edge, UInt128 digest)
    {
        entry.Edge = edge;
        ReplaceDigest(entry, digest);
    }

    private void Count(LabelSet labels)
    {
        foreach (string label in labels.AsSpan())
        {
            _nodesByLabel[label] = _nodesByLabel.GetValueOrDefault(label) + 1;
        }
    }

    private void Uncount(LabelSet labels)
    {
        foreach (string label in labels.AsSpan())
        {
            long left = _nodesByLabel[label] - 1;
            if (left == 0)
            {
                _nodesByLabel.Remove(label);
            }
            else
            {
                _nodesByLabel[label] = left;
            }
        }
    }

    private void ReplaceDigest(NodeEntry entry, UInt128 digest)
    {
        Digest = unchecked(Digest - entry.Digest + digest);
        entry.Digest = digest;
    }

    private void ReplaceDigest(EdgeEntry entry, UInt128 digest)
    {
        Digest = unchecked(Digest - entry.Digest + digest);
        entry.Digest = digest;
    }

    private UInt128 DigestOf(GraphNode node)
    {
        _scratch.ResetWrittenCount();
        CanonicalWriter writer = new(_scratch);
        writer.WriteNode(node);
        writer.Complete();
        return XxHash128.HashToUInt128(_scratch.WrittenSpan, NodeSeed);
    }

    private UInt128 DigestOf(IndexDefinition index)
    {
        _scratch.ResetWrittenCount();
        CanonicalWriter writer = new(_scratch);
        writer.WriteByte((byte)index.Target);
        writer.WriteName(index.Key);
        writer.Complete();
        return XxHash128.HashToUInt128(_scratch.WrittenSpan, IndexSeed);
    }

    private UInt128 DigestOf(GraphEdge edge)
    {
        _scratch.ResetWrittenCount();
        CanonicalWriter writer = new(_scratch);
        writer.WriteEdge(edge);
        writer.Complete();
        return XxHash128.HashToUInt128(_scratch.WrittenSpan, EdgeSeed);
    }
}
