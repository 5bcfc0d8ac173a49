using System.Buffers.Binary;
using System.Buffers;
using SimGraph.Runtime;

namespace SimGraph.Storage.Graph;

/// <summary>
/// Writes the canonical little-endian form: one value has one encoding. Pass it by reference, and call <see cref="Complete"/> at the end.
/// </summary>
public ref struct CanonicalWriter(IBufferWriter<byte> target)
{
    private const int SpanBytesMin = 256;

    private readonly IBufferWriter<byte> _target = target;
    private Span<byte> _span;
    private int _used;

    /// <summary>Writes one byte.</summary>
    public void WriteByte(byte value) => Take(1)[0] = value;

    /// <summary>Writes two bytes.</summary>
    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(sizeof(ushort)), value);

    /// <summary>Writes four bytes.</summary>
    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(sizeof(uint)), value);

    /// <summary>Writes eight bytes.</summary>
    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), value);

    /// <summary>Writes eight bytes.</summary>
    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), value);

    /// <summary>Writes an id.</summary>
    public void WriteId(ElementId id) => WriteUInt64(id.Value);

    /// <summary>Writes bytes without a length.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Hands everything to the target.</summary>
    public void Complete()
    {
        if (_used > 0)
        {
            _target.Advance(_used);
            _used = 0;
        }

        _span = default;
    }

    /// <summary>Writes a label, edge type or key.</summary>
    internal void WriteName(string name)
    {
        // The longest name needs three bytes for each UTF-16 unit at most.
        Span<byte> room = Take(sizeof(ushort) + GraphLimits.StrictUtf8.GetMaxByteCount(name.Length));
        int bytes = GraphLimits.StrictUtf8.GetBytes(name, room[sizeof(ushort)..]);
        BinaryPrimitives.WriteUInt16LittleEndian(room, (ushort)bytes);
        _used -= room.Length - sizeof(ushort) - bytes;
    }

    internal void WriteValue(PropertyValue value)
    {
        Invariant.Check(value.Kind != PropertyKind.None, "a property without a value is never stored");
        WriteByte((byte)value.Kind);
        switch (value.Kind)
        {
            case PropertyKind.Boolean:
                WriteByte((byte)value.Bits);
                break;
            case PropertyKind.Int64 or PropertyKind.Float64 or PropertyKind.Timestamp:
                WriteInt64(value.Bits);
                break;
            default:
                WriteUInt32((uint)value.Payload.Length);
                WriteRaw(value.Payload);
                break;
        }
    }

    /// <summary>Writes a value that may be missing.</summary>
    internal void WriteOptionalValue(PropertyValue? value)
    {
        if (value is { } present)
        {
            WriteValue(present);
        }
        else
        {
            WriteByte((byte)PropertyKind.None);
        }
    }

    internal void WriteLabels(LabelSet labels)
    {
        WriteUInt16((ushort)labels.Count);
        foreach (string label in labels.AsSpan())
        {
            WriteName(label);
        }
    }

    internal void WriteProperties(PropertyMap properties)
    {
        WriteUInt16((ushort)properties.Count);
        for (int i = 0; i < properties.Count; i++)
        {
            WriteName(properties.KeyAt(i));
            WriteValue(properties.ValueAt(i));
        }
    }

    internal void WriteReference(ElementReference reference)
    {
        if (reference.CreatedByOperation is { } ordinal)
        {
            WriteByte(1);
            WriteUInt16((ushort)ordinal);
        }
        else
        {
            WriteByte(0);
            WriteId(reference.Id);
        }
    }

    internal void WriteNode(GraphNode node)
    {
        WriteId(node.Id);
        WriteLabels(node.Labels);
        WriteProperties(node.Properties);
    }

    internal void WriteEdge(GraphEdge edge)
    {
        WriteId(edge.Id);
        WriteId(edge.From);
        WriteId(edge.To);
        WriteName(edge.Type);
        WriteProperties(edge.Properties);
    }

    private Span<byte> Take(int bytes)
    {
        if (_span.Length - _used < bytes)
        {
            Complete();
            _span = _target.GetSpan(Math.Max(bytes, SpanBytesMin));
        }

        Span<byte> taken = _span.Slice(_used, bytes);
        _used += bytes;
        return taken;
    }
}
