using System.Buffers.Binary;

namespace SimGraph.Storage.Graph;

/// <summary>The values of nodes, edges and counters in the tree, see docs/formats.md. Reading is strict.</summary>
internal static class ElementRecord
{
    public const int HashBytes = 16;

    public static void WriteNode(PairBuffer target, GraphNode node)
    {
        CanonicalWriter writer = new(target.Begin(KeySpace.Node).Id(node.Id));
        writer.WriteLabels(node.Labels);
        writer.WriteProperties(node.Properties);
        writer.Complete();
    }

    public static void WriteEdge(PairBuffer target, GraphEdge edge)
    {
        CanonicalWriter writer = new(target.Begin(KeySpace.Edge).Id(edge.Id));
        writer.WriteId(edge.From);
        writer.WriteId(edge.To);
        writer.WriteName(edge.Type);
        writer.WriteProperties(edge.Properties);
        writer.Complete();
    }

    public static GraphNode ReadNode(ElementId id, ReadOnlySpan<byte> value, NameTable? names)
    {
        try
        {
            CanonicalReader reader = new(value, names);
            GraphNode node = new(id, reader.ReadLabels(), reader.ReadProperties());
            reader.Finish();
            return node;
        }
        catch (FormatException exception)
        {
            throw Corrupt(KeySpace.Node, id, exception);
        }
    }

    public static GraphEdge ReadEdge(ElementId id, ReadOnlySpan<byte> value, NameTable? names)
    {
        try
        {
            CanonicalReader reader = new(value, names);
            GraphEdge edge = new(id, reader.ReadId(), reader.ReadId(), reader.ReadName(), reader.ReadProperties());
            reader.Finish();
            return edge;
        }
        catch (FormatException exception)
        {
            throw Corrupt(KeySpace.Edge, id, exception);
        }
    }

    /// <summary>The id in the last bytes of a key.</summary>
    public static ElementId ReadKeyId(ReadOnlySpan<byte> key) => key.Length > sizeof(ulong)
        ? new ElementId(BinaryPrimitives.ReadUInt64BigEndian(key[^sizeof(ulong)..]))
        : throw new GraphStoreCorruptException(key, "it is too short to end with an id");

    public static ElementId ReadIdValue(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => new(ReadNumber(key, value));

    public static ulong ReadNumber(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => value.Length == sizeof(ulong)
        ? BinaryPrimitives.ReadUInt64LittleEndian(value)
        : throw new GraphStoreCorruptException(key, $"its value has {value.Length} bytes, not {sizeof(ulong)}");

    /// <summary>Takes the name that begins at an offset of a key apart.</summary>
    public static ReadOnlySpan<byte> ReadKeyName(ReadOnlySpan<byte> key, int at)
    {
        if (key.Length < at + sizeof(ushort))
        {
            throw new GraphStoreCorruptException(key, "it is too short to have a name");
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(key[at..]);
        return length is > 0 and <= GraphLimits.NameBytesMax && length <= key.Length - at - sizeof(ushort)
            ? key.Slice(at + sizeof(ushort), length)
            : throw new GraphStoreCorruptException(key, "its name is empty, too long, or longer than the key");
    }

    /// <summary>A name in a key as text.</summary>
    public static string ReadText(ReadOnlySpan<byte> key, ReadOnlySpan<byte> utf8)
    {
        try
        {
            return GraphLimits.StrictUtf8.GetString(utf8);
        }
        catch (ArgumentException exception)
        {
            throw new GraphStoreCorruptException(key, "its name is not well-formed UTF-8", exception);
        }
    }

    private static GraphStoreCorruptException Corrupt(KeySpace space, ElementId id, FormatException exception) =>
        new(new PairBuffer().Begin(space).Id(id).Key, exception.Message, exception);
}
