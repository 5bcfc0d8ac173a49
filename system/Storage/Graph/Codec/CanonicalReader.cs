// Strict reader of what CanonicalWriter writes. Input is untrusted (a log entry of a faulty peer, a snapshot from a bad disk): every length is
// checked against its limit and against the bytes that are there before anything is allocated, and whatever is not the one canonical encoding
// is refused with FormatException, so that what was accepted encodes to the same bytes again.

using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text.Unicode;

namespace SimGraph.Storage.Graph;

/// <summary>Reads the canonical little-endian form. Pass it by reference, and call <see cref="Finish"/> at the end.</summary>
/// <param name="source">All bytes of one message.</param>
/// <param name="names">Names that are already in memory; null makes new strings.</param>
public ref struct CanonicalReader(ReadOnlySpan<byte> source, NameTable? names)
{
    // A name has at least a length and one byte, a property a name and a kind with one byte.
    private const int NameBytesMin = sizeof(ushort) + 1;
    private const int PropertyBytesMin = NameBytesMin + 2;

    private readonly NameTable? _names = names;
    private readonly ReadOnlySpan<byte> _source = source;
    private int _at;

    /// <summary>Bytes not yet read.</summary>
    public readonly int Remaining => _source.Length - _at;

    /// <summary>Reads one byte.</summary>
    public byte ReadByte() => Take(1)[0];

    /// <summary>Reads two bytes.</summary>
    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));

    /// <summary>Reads four bytes.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    /// <summary>Reads eight bytes.</summary>
    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    /// <summary>Reads eight bytes.</summary>
    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    /// <summary>Reads an id.</summary>
    public ElementId ReadId() => new(ReadUInt64());

    /// <summary>Reads bytes without a length.</summary>
    public ReadOnlySpan<byte> ReadRaw(int bytes) => Take(bytes);

    /// <summary>Reads a count of things that take at least <paramref name="bytesEach"/> bytes each, so that it is safe to allocate for them.</summary>
    public int ReadCount(int bytesEach)
    {
        uint count = ReadUInt32();
        if (count > (uint)(Remaining / bytesEach))
        {
            Fail("a count is larger than the bytes that follow");
        }

        return (int)count;
    }

    /// <summary>Refuses bytes behind the end.</summary>
    public readonly void Finish()
    {
        if (Remaining != 0)
        {
            Fail("bytes are left over");
        }
    }

    /// <summary>Throws the <see cref="FormatException"/> of this reader.</summary>
    [DoesNotReturn]
    public readonly void Fail(string reason) => throw new FormatException($"Graph encoding, byte {_at} of {_source.Length}: {reason}.");

    internal string ReadName()
    {
        int length = ReadUInt16();
        if (length is 0 or > GraphLimits.NameBytesMax)
        {
            Fail("a name is empty or too long");
        }

        ReadOnlySpan<byte> bytes = Take(length);
        string? known = _names?.Find(bytes);
        if (known is not null)
        {
            return known;
        }

        if (!Utf8.IsValid(bytes))
        {
            Fail("a name is not well-formed UTF-8");
        }

        return _names is null ? GraphLimits.StrictUtf8.GetString(bytes) : _names.Add(bytes);
    }

    internal PropertyValue ReadValue() => ReadValue(ReadKind());

    /// <summary>Reads a value that may be missing.</summary>
    internal PropertyValue? ReadOptionalValue()
    {
        PropertyKind kind = ReadKind();
        return kind == PropertyKind.None ? null : ReadValue(kind);
    }

    internal LabelSet ReadLabels()
    {
        int count = ReadUInt16();
        if (count > GraphLimits.LabelsPerNodeMax || count > Remaining / NameBytesMin)
        {
            Fail("too many labels");
        }

        if (count == 0)
        {
            return LabelSet.Empty;
        }

        string[] labels = new string[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = ReadName();
            if (i > 0 && string.CompareOrdinal(labels[i - 1], labels[i]) >= 0)
            {
                Fail("labels are not in order or come twice");
            }
        }

        return LabelSet.FromChecked(labels);
    }

    internal PropertyMap ReadProperties()
    {
        int count = ReadUInt16();
        if (count > GraphLimits.PropertiesPerElementMax || count > Remaining / PropertyBytesMin)
        {
            Fail("too many properties");
        }

        if (count == 0)
        {
            return PropertyMap.Empty;
        }

        string[] keys = new string[count];
        PropertyValue[] values = new PropertyValue[count];
        for (int i = 0; i < count; i++)
        {
            keys[i] = ReadName();
            if (i > 0 && string.CompareOrdinal(keys[i - 1], keys[i]) >= 0)
            {
                Fail("property keys are not in order or come twice");
            }

            values[i] = ReadValue();
        }

        PropertyMap properties = PropertyMap.FromChecked(keys, values);
        if (!properties.IsWithinLimits)
        {
            Fail("the properties of an element are too large");
        }

        return properties;
    }

    internal ElementReference ReadReference()
    {
        byte kind = ReadByte();
        switch (kind)
        {
            case 0:
                return ReadId();
            case 1:
                int ordinal = ReadUInt16();
                if (ordinal >= GraphLimits.OperationsPerCommandMax)
                {
                    Fail("a reference is to an operation that no command has");
                }

                return ElementReference.CreatedBy(ordinal);
            default:
                Fail("a reference is of no known kind");
                return default;
        }
    }

    internal GraphNode ReadNode() => new(ReadId(), ReadLabels(), ReadProperties());

    internal GraphEdge ReadEdge() => new(ReadId(), ReadId(), ReadId(), ReadName(), ReadProperties());

    internal ElementKind ReadElementKind()
    {
        byte kind = ReadByte();
        if (kind is not ((byte)ElementKind.Node or (byte)ElementKind.Edge))
        {
            Fail("it is neither nodes nor edges");
        }

        return (ElementKind)kind;
    }

    /// <summary>Reads a byte that must be 0 or 1.</summary>
    internal bool ReadBoolean()
    {
        byte value = ReadByte();
        if (value > 1)
        {
            Fail("a truth value is neither 0 nor 1");
        }

        return value != 0;
    }

    private PropertyKind ReadKind()
    {
        byte kind = ReadByte();
        if (kind > (byte)PropertyKind.BooleanArray)
        {
            Fail("a property value is of no known kind");
        }

        return (PropertyKind)kind;
    }

    private PropertyValue ReadValue(PropertyKind kind)
    {
        switch (kind)
        {
            case PropertyKind.None:
                Fail("a property value is missing");
                return default;
            case PropertyKind.Boolean:
                return PropertyValue.From(ReadBoolean());
            case PropertyKind.Int64 or PropertyKind.Float64:
                return PropertyValue.FromCheckedBits(kind, ReadInt64());
            case PropertyKind.Timestamp:
                long ticks = ReadInt64();
                if (ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks)
                {
                    Fail("a timestamp is out of range");
                }

                return PropertyValue.FromCheckedBits(kind, ticks);
            default:
                return ReadPayload(kind);
        }
    }

    private PropertyValue ReadPayload(PropertyKind kind)
    {
        uint length = ReadUInt32();
        if (length > GraphLimits.ValueBytesMax)
        {
            Fail("a property value is too long");
        }

        ReadOnlySpan<byte> bytes = Take((int)length);
        bool valid = kind switch
        {
            PropertyKind.Text => Utf8.IsValid(bytes),
            PropertyKind.Bytes => true,
            PropertyKind.Vector => length % sizeof(float) == 0,
            PropertyKind.TextArray => EncodedText.IsArray(bytes),
            PropertyKind.Int64Array or PropertyKind.Float64Array => length % sizeof(long) == 0,
            PropertyKind.BooleanArray => !bytes.ContainsAnyExceptInRange((byte)0, (byte)1),
            _ => false,
        };
        if (!valid)
        {
            Fail("the bytes of a property value are not of its kind");
        }

        return PropertyValue.FromCheckedPayload(kind, bytes.ToArray());
    }

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if (bytes < 0 || bytes > Remaining)
        {
            Fail("the bytes end too early");
        }

        ReadOnlySpan<byte> taken = _source.Slice(_at, bytes);
        _at += bytes;
        return taken;
    }
}
