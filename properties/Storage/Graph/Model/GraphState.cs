// The property graph in memory: a deterministic function of the commands that were applied, on every replica, byte for byte. One owner calls
// it (the node's event loop); it has no locks and starts nothing. What it hands out is immutable and stays valid.

using System.Buffers;
using SimGraph.Runtime;
using SimGraph.Runtime.Probes;
using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Storage.Graph.Model;

/// <summary>An in-memory property graph that is changed by commands and asked by queries. Not thread-safe.</summary>
internal sealed class GraphState
{
    private readonly GraphTables _tables = new();
    private readonly CommandApplier _applier;

    /// <summary>An empty graph.</summary>
    public GraphState(IProbes probes)
    {
        ArgumentNullException.ThrowIfNull(probes);
        _applier = new CommandApplier(_tables, probes);
    }

    /// <summary>Names that it holds, for decoding commands without new strings.</summary>
    public NameTable Names { get; } = new();

    /// <summary>How many nodes there are.</summary>
    public int NodeCount => _tables.NodeCount;

    /// <summary>How many edges there are.</summary>
    public int EdgeCount => _tables.EdgeCount;

    /// <summary>
    /// Hash of the content, kept up to date by each change and free to read: equal graphs have equal digests, whatever their history.
    /// </summary>
    public UInt128 Digest => _tables.Digest;

    /// <summary>XxHash3 of the canonical snapshot; walks the whole graph. <see cref="Digest"/> is the cheap one.</summary>
    public ulong Hash
    {
        get
        {
            HashingBuffer buffer = new();
            WriteSnapshot(buffer);
            return buffer.Hash;
        }
    }

    /// <summary>Reads a graph from a snapshot.</summary>
    /// <param name="snapshot">Exactly the bytes that <see cref="WriteSnapshot"/> wrote.</param>
    /// <param name="lastLogIndex">The last log entry that is in the snapshot: no element can be newer.</param>
    /// <param name="probes">Where it reports.</param>
    /// <exception cref="FormatException">They are not.</exception>
    public static GraphState Read(ReadOnlySpan<byte> snapshot, ulong lastLogIndex, IProbes probes)
    {
        GraphState state = new(probes);
        GraphSnapshot.Read(snapshot, lastLogIndex, state.Names, state._tables);
        return state;
    }

    /// <summary>Applies a command as a whole, or refuses it and changes nothing.</summary>
    /// <param name="command">What to do.</param>
    /// <param name="logIndex">Index of its log entry, from 1; greater than that of any command before.</param>
    public GraphOutcome Apply(GraphCommand command, ulong logIndex)
    {
        ArgumentNullException.ThrowIfNull(command);
        Invariant.Check(logIndex is > 0 and <= ElementId.LogIndexMax, "ids are made from a log index that leaves room for the ordinal");
        return _applier.Apply(command, logIndex);
    }

    /// <summary>Answers a query.</summary>
    public GraphAnswer Ask(GraphQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return QueryAnswering.Answer(_tables, query);
    }

    /// <summary>The node, or null when there is none.</summary>
    public GraphNode? FindNode(ElementId id) => _tables.FindNode(id)?.Node;

    /// <summary>The edge, or null when there is none.</summary>
    public GraphEdge? FindEdge(ElementId id) => _tables.FindEdge(id)?.Edge;

    /// <summary>All nodes in ascending order of their ids; a copy.</summary>
    public IReadOnlyList<GraphNode> ListNodes() => _tables.SortedNodes();

    /// <summary>All edges in ascending order of their ids; a copy.</summary>
    public IReadOnlyList<GraphEdge> ListEdges() => _tables.SortedEdges();

    /// <summary>The edges of a node in ascending order of their ids, each once; a copy. Empty when there is no such node.</summary>
    public IReadOnlyList<GraphEdge> ListEdges(ElementId node, EdgeDirection direction)
    {
        List<GraphEdge> edges = [];
        if (_tables.FindNode(node) is { } entry)
        {
            EdgeCursor cursor = new(entry, direction, default);
            while (cursor.TryNext(out EdgeEntry? edge))
            {
                edges.Add(edge.Edge);
            }
        }

        return edges;
    }

    /// <summary>The indexes in order.</summary>
    public IReadOnlyCollection<IndexDefinition> ListIndexes() => [.. _tables.Indexes];

    /// <summary>Writes the canonical snapshot.</summary>
    public void WriteSnapshot(IBufferWriter<byte> target)
    {
        ArgumentNullException.ThrowIfNull(target);
        GraphSnapshot.Write(_tables, target);
    }
}
