// Canonical snapshot: magic u32, version u16, count u32 and nodes in order of their ids, count u32 and edges in order of their ids, count u16 and
// index definitions in order. The same graph has the same bytes on every replica, whatever the history; adjacency, label counts and the digest follow from them.

using System.Buffers;
using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Storage.Graph.Model;

/// <summary>Writes and reads all of a graph.</summary>
internal static class GraphSnapshot
{
    private const uint Magic = 0x31474753;
    private const ushort Version = 2;

    // Ids, a type, counts: what the smallest node and edge take.
    private const int NodeBytesMin = 12;
    private const int EdgeBytesMin = 29;

    public static void Write(GraphTables tables, IBufferWriter<byte> target)
    {
        CanonicalWriter writer = new(target);
        writer.WriteUInt32(Magic);
        writer.WriteUInt16(Version);
        writer.WriteUInt32((uint)tables.NodeCount);
        foreach (GraphNode node in tables.SortedNodes())
        {
            writer.WriteNode(node);
        }

        writer.WriteUInt32((uint)tables.EdgeCount);
        foreach (GraphEdge edge in tables.SortedEdges())
        {
            writer.WriteEdge(edge);
        }

        writer.WriteUInt16((ushort)tables.Indexes.Count);
        foreach (IndexDefinition index in tables.Indexes)
        {
            writer.WriteByte((byte)index.Target);
            writer.WriteName(index.Key);
        }

        writer.Complete();
    }

    public static void Read(ReadOnlySpan<byte> source, ulong lastLogIndex, NameTable names, GraphTables tables)
    {
        CanonicalReader reader = new(source, names);
        if (reader.ReadUInt32() != Magic)
        {
            reader.Fail("it is not a snapshot of a graph");
        }

        if (reader.ReadUInt16() != Version)
        {
            reader.Fail("the version of the snapshot is unknown");
        }

        ReadNodes(ref reader, lastLogIndex, tables);
        ReadEdges(ref reader, lastLogIndex, tables);
        ReadIndexes(ref reader, tables);
        reader.Finish();
    }

    private static void ReadIndexes(ref CanonicalReader reader, GraphTables tables)
    {
        int count = reader.ReadUInt16();
        if (count > GraphLimits.IndexesMax)
        {
            reader.Fail("there are too many indexes");
        }

        IndexDefinition last = default;
        for (int i = 0; i < count; i++)
        {
            IndexDefinition index = new(reader.ReadElementKind(), reader.ReadName());
            if (index <= last)
            {
                reader.Fail("an index is not in order, or comes twice");
            }

            last = index;
            tables.AddIndex(index);
        }
    }

    private static void ReadNodes(ref CanonicalReader reader, ulong lastLogIndex, GraphTables tables)
    {
        int count = reader.ReadCount(NodeBytesMin);
        ElementId last = default;
        for (int i = 0; i < count; i++)
        {
            GraphNode node = reader.ReadNode();
            if (node.Id <= last || node.Id.LogIndex > lastLogIndex)
            {
                reader.Fail("the id of a node is not in order, or newer than the snapshot");
            }

            last = node.Id;
            tables.CreateNode(node);
        }
    }

    private static void ReadEdges(ref CanonicalReader reader, ulong lastLogIndex, GraphTables tables)
    {
        int count = reader.ReadCount(EdgeBytesMin);
        ElementId last = default;
        for (int i = 0; i < count; i++)
        {
            GraphEdge edge = reader.ReadEdge();
            if (edge.Id <= last || edge.Id.LogIndex > lastLogIndex)
            {
                reader.Fail("the id of an edge is not in order, or newer than the snapshot");
            }

            NodeEntry? from = tables.FindNode(edge.From);
            NodeEntry? to = tables.FindNode(edge.To);
            if (from is null || to is null)
            {
                reader.Fail("an edge has an end that does not exist");
            }

            last = edge.Id;
            tables.CreateEdge(edge, from, to);
        }
    }
}
