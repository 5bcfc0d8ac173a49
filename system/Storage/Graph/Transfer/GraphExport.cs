// Writes one state of a graph as JSON lines (docs/formats.md): a scan of the definitions, of the nodes and of the edges over one snapshot, so that
// writes go on meanwhile. Memory: one element and one buffer.

using System.Buffers;
using System.Globalization;
using System.Text.Json;
using SimGraph.Storage.Lsm;

namespace SimGraph.Storage.Graph;

/// <summary>Exports a graph. Used once.</summary>
internal sealed class GraphExport(LsmTree tree, LsmSnapshot at, Stream target)
{
    internal const string Format = "simgraph-graph";
    internal const int Version = 1;
    private const int BufferBytes = 64 * 1024;
    private const byte LineFeed = (byte)'\n';

    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly PairBuffer _key = new();

    public async Task WriteAsync(CancellationToken cancellation)
    {
        GraphReader reader = new(tree, at);
        GraphCounters counters = await reader.ReadCountersAsync(cancellation);
        IndexSet indexes = await reader.ReadIndexesAsync(cancellation);
        WriteLine(writer =>
        {
            writer.WriteString("format", Format);
            writer.WriteNumber("version", Version);
            writer.WriteNumber("nodes", counters.Nodes);
            writer.WriteNumber("edges", counters.Edges);
            writer.WriteNumber("indexes", indexes.Count);
        });
        for (int i = 0; i < indexes.Count; i++)
        {
            IndexDefinition index = indexes[i].Definition;
            WriteLine(writer =>
            {
                writer.WriteString("index", index.Target == ElementKind.Node ? "node" : "edge");
                writer.WriteString("key", index.Key);
            });
        }

        await ScanAsync(KeySpace.Node, WriteNode, cancellation);
        await ScanAsync(KeySpace.Edge, WriteEdge, cancellation);
        await FlushAsync(cancellation);
    }

    private static string Text(ElementId id) => id.Value.ToString(CultureInfo.InvariantCulture);

    private async Task ScanAsync(KeySpace space, Action<ElementId, ReadOnlyMemory<byte>> write, CancellationToken cancellation)
    {
        await using LsmCursor cursor = tree.OpenCursor(LsmRange.Prefix(_key.Begin(space).CopyKey()), at);
        await cursor.MoveToFirstAsync(cancellation);
        while (cursor.IsValid)
        {
            write(ElementRecord.ReadKeyId(cursor.Key.Span), cursor.Value);
            if (_buffer.WrittenCount >= BufferBytes)
            {
                await FlushAsync(cancellation);
            }

            if (!cursor.TryMoveNext())
            {
                await cursor.MoveNextAsync(cancellation);
            }
        }
    }

    private void WriteNode(ElementId id, ReadOnlyMemory<byte> value)
    {
        GraphNode node = ElementRecord.ReadNode(id, value.Span, names: null);
        WriteLine(writer =>
        {
            writer.WriteString("node", Text(node.Id));
            writer.WriteStartArray("labels");
            foreach (string label in node.Labels)
            {
                writer.WriteStringValue(label);
            }

            writer.WriteEndArray();
            PropertyJson.Write(writer, node.Properties);
        });
    }

    private void WriteEdge(ElementId id, ReadOnlyMemory<byte> value)
    {
        GraphEdge edge = ElementRecord.ReadEdge(id, value.Span, names: null);
        WriteLine(writer =>
        {
            writer.WriteString("edge", Text(edge.Id));
            writer.WriteString("from", Text(edge.From));
            writer.WriteString("to", Text(edge.To));
            writer.WriteString("type", edge.Type);
            PropertyJson.Write(writer, edge.Properties);
        });
    }

    private void WriteLine(Action<Utf8JsonWriter> write)
    {
        using (Utf8JsonWriter writer = new(_buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        _buffer.GetSpan(1)[0] = LineFeed;
        _buffer.Advance(1);
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        await target.WriteAsync(_buffer.WrittenMemory, cancellation);
        _buffer.ResetWrittenCount();
    }
}
