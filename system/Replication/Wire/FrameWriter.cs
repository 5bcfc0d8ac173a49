using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using SimGraph.Runtime;

namespace SimGraph.Replication.Wire;

/// <summary>Gathers frames in one buffer, so that any number of them goes out with one write. Not thread-safe.</summary>
internal sealed class FrameWriter : IBufferWriter<byte>
{
    private const int InitialCapacity = 1024;

    // A buffer that once grew for a large frame is given back, or every connection would keep its largest for ever.
    private const int RetainedCapacityMax = 1024 * 1024;

    private byte[] _buffer = new byte[InitialCapacity];
    private int _length;
    private int _frameStart = -1;

    /// <summary>Bytes gathered.</summary>
    public int Length => _length;

    /// <summary>Complete frames gathered.</summary>
    public int Frames { get; private set; }

    /// <summary>The gathered frames; valid until the next change.</summary>
    public ReadOnlyMemory<byte> Written
    {
        get
        {
            Invariant.Check(_frameStart < 0, "frames are sent only when complete");
            return _buffer.AsMemory(0, _length);
        }
    }

    /// <summary>Adds one frame.</summary>
    public void Write<TPayload>(in TPayload payload)
        where TPayload : struct, IFramePayload
    {
        int length = payload.Length;
        Begin(payload.Kind, length);
        payload.WriteTo(this);
        End(length);
    }

    /// <summary>Forgets what was gathered.</summary>
    public void Clear()
    {
        _length = 0;
        Frames = 0;
        if (_buffer.Length > RetainedCapacityMax)
        {
            _buffer = new byte[InitialCapacity];
        }
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        Invariant.Check(count >= 0 && _length + count <= _buffer.Length, "a writer advances only over bytes it was given");
        _length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(_length);
    }

    public void WriteByte(byte value) => Take(1)[0] = value;

    public void WriteBool(bool value) => WriteByte(value ? (byte)1 : (byte)0);

    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(sizeof(ushort)), value);

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), value);

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(sizeof(uint)), value);

    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), value);

    public void WriteUInt128(UInt128 value) => BinaryPrimitives.WriteUInt128LittleEndian(Take(2 * sizeof(ulong)), value);

    public void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Two bytes of length, then UTF-8.</summary>
    public void WriteText(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        WriteUInt16(checked((ushort)length));
        Encoding.UTF8.GetBytes(text, Take(length));
    }

    private void Begin(FrameKind kind, int payloadLength)
    {
        Invariant.Check(_frameStart < 0, "frames do not nest");
        Reserve(payloadLength + FrameFormat.Overhead);
        _frameStart = _length;
        WriteInt32(payloadLength);
        WriteByte((byte)kind);
    }

    private void End(int payloadLength)
    {
        int bodyLength = FrameFormat.HeaderLength + payloadLength;
        Invariant.Check(_length - _frameStart == bodyLength, "a payload is as long as it said");
        uint checksum = FrameFormat.Checksum(_buffer.AsSpan(_frameStart, bodyLength));
        WriteUInt32(checksum);
        _frameStart = -1;
        Frames++;
    }

    private Span<byte> Take(int count)
    {
        Reserve(count);
        Span<byte> taken = _buffer.AsSpan(_length, count);
        _length += count;
        return taken;
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - _length < count)
        {
            int doubled = (int)Math.Min(_buffer.Length * 2L, Array.MaxLength);
            Array.Resize(ref _buffer, Math.Max(checked(_length + count), doubled));
        }
    }
}
