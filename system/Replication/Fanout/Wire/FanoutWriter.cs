using System.Buffers.Binary;

namespace SimGraph.Replication.Fanout.Wire;

/// <summary>Fills one payload whose length is known before.</summary>
internal ref struct FanoutWriter
{
    /// <summary>Version and kind.</summary>
    public const int HeadBytes = 2;

    public const byte Version = 1;

    private readonly byte[] _payload;
    private int _at;

    public FanoutWriter(FanoutKind kind, int bodyBytes)
    {
        _payload = new byte[HeadBytes + bodyBytes];
        _payload[0] = Version;
        _payload[1] = (byte)kind;
        _at = HeadBytes;
    }

    /// <summary>Room for bytes that the caller writes.</summary>
    public Span<byte> Take(int length) => Next(length);

    public void WriteByte(byte value) => _payload[_at++] = value;

    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Next(sizeof(ushort)), value);

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Next(sizeof(int)), value);

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Next(sizeof(uint)), value);

    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Next(sizeof(ulong)), value);

    public void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Next(bytes.Length));

    /// <summary>The payload, which must be full.</summary>
    public readonly byte[] Finish()
    {
        Runtime.Invariant.Check(_at == _payload.Length, "a payload is as long as was said before");
        return _payload;
    }

    private Span<byte> Next(int length)
    {
        Span<byte> span = _payload.AsSpan(_at, length);
        _at += length;
        return span;
    }
}
