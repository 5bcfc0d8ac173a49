// One key and its value, one behind the other in one reused array: so a pair is built without allocation, and its hash is one call over both.
// A key says itself where it ends, so the two together cannot be mistaken for another pair.

using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using SimGraph.Runtime;

namespace SimGraph.Storage.Graph;

/// <summary>Builds a key, or a key and its value, in the layout of docs/formats.md. Not thread-safe; what it hands out is valid until <see cref="Begin"/>.</summary>
internal sealed class PairBuffer(int capacity = PairBuffer.BytesMin) : IBufferWriter<byte>
{
    /// <summary>Room that is enough for most pairs.</summary>
    public const int BytesMin = 512;

    private const int BytesKeptMax = 64 * 1024;

    private byte[] _bytes = new byte[capacity];
    private int _length;
    private int _keyLength;

    public ReadOnlySpan<byte> Key => _bytes.AsSpan(0, _keyLength);

    public ReadOnlyMemory<byte> KeyMemory => _bytes.AsMemory(0, _keyLength);

    public ReadOnlySpan<byte> Value => _bytes.AsSpan(_keyLength, _length - _keyLength);

    public UInt128 Hash => XxHash128.HashToUInt128(_bytes.AsSpan(0, _length));

    /// <summary>Starts a key.</summary>
    public PairBuffer Begin(KeySpace space)
    {
        if (_bytes.Length > BytesKeptMax)
        {
            _bytes = new byte[BytesMin];
        }

        _length = 0;
        return Byte((byte)space);
    }

    public PairBuffer Byte(byte value)
    {
        Take(1)[0] = value;
        _keyLength = _length;
        return this;
    }

    public PairBuffer Id(ElementId id)
    {
        BinaryPrimitives.WriteUInt64BigEndian(Take(sizeof(ulong)), id.Value);
        _keyLength = _length;
        return this;
    }

    public PairBuffer Name(string name)
    {
        // The longest name needs three bytes for each UTF-16 unit at most.
        Span<byte> room = Take(sizeof(ushort) + GraphLimits.StrictUtf8.GetMaxByteCount(name.Length));
        int bytes = GraphLimits.StrictUtf8.GetBytes(name, room[sizeof(ushort)..]);
        BinaryPrimitives.WriteUInt16BigEndian(room, (ushort)bytes);
        _length -= room.Length - sizeof(ushort) - bytes;
        _keyLength = _length;
        return this;
    }

    public PairBuffer Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Take(bytes.Length));
        _keyLength = _length;
        return this;
    }

    public PairBuffer OrderedValue(PropertyValue value)
    {
        Storage.Graph.OrderedValue.Append(this, value);
        _keyLength = _length;
        return this;
    }

    public PairBuffer Prefix(PropertyValue prefix)
    {
        Storage.Graph.OrderedValue.AppendPrefix(this, prefix);
        _keyLength = _length;
        return this;
    }

    /// <summary>The end of a prefix scan: replaces the key by the smallest one behind all that begin with it.</summary>
    public PairBuffer Successor()
    {
        int at = _length - 1;
        while (at >= 0 && _bytes[at] == byte.MaxValue)
        {
            at--;
        }

        Invariant.Check(at >= 0, "the space of a key is a letter, so something comes behind it");
        _bytes[at]++;
        _length = at + 1;
        _keyLength = _length;
        return this;
    }

    /// <summary>Appends a value that is in the tree behind the key.</summary>
    public PairBuffer StoredValue(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Take(value.Length));
        return this;
    }

    public PairBuffer IdValue(ElementId id)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), id.Value);
        return this;
    }

    public PairBuffer NumberValue(ulong number)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), number);
        return this;
    }

    public PairBuffer HashValue(UInt128 hash)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(Take(16), hash);
        return this;
    }

    /// <summary>A copy of the key.</summary>
    public byte[] CopyKey() => Key.ToArray();

    /// <inheritdoc/>
    public void Advance(int count) => _length += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsSpan(_length);
    }

    /// <summary>Room for more bytes at the end; to be filled at once.</summary>
    internal Span<byte> Take(int bytes)
    {
        Reserve(bytes);
        Span<byte> taken = _bytes.AsSpan(_length, bytes);
        _length += bytes;
        return taken;
    }

    private void Reserve(int bytes)
    {
        if (_bytes.Length - _length < bytes)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes));
        }
    }
}
