using System.Buffers.Binary;
using System.Text;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Wire;

/// <summary>Takes fields off a payload, in order. Every shortage, excess or value out of range is a <see cref="ProtocolException"/>.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> payload, string what)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _what = what;
    private ReadOnlySpan<byte> _rest = payload;

    /// <summary>Bytes not yet taken.</summary>
    public readonly int Remaining => _rest.Length;

    public byte ReadByte() => Take(1)[0];

    public bool ReadBool()
    {
        byte value = ReadByte();
        return value <= 1 ? value == 1 : throw new ProtocolException($"{_what}: {value} where 0 or 1 must be");
    }

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    public ReadOnlySpan<byte> ReadBytes(int count) => Take(count);

    public ReadOnlySpan<byte> ReadRest() => Take(_rest.Length);

    public UInt128 ReadUInt128() => BinaryPrimitives.ReadUInt128LittleEndian(Take(2 * sizeof(ulong)));

    /// <summary>Reads a position.</summary>
    public LogPosition ReadPosition() => new(ReadUInt64(), ReadUInt64());

    /// <summary>Reads the kind of an entry.</summary>
    /// <exception cref="ProtocolException">Not one that this program can apply: it must not be taken for applied.</exception>
    public LogEntryKind ReadEntryKind()
    {
        var kind = (LogEntryKind)ReadByte();
        return Enum.IsDefined(kind) ? kind : throw new ProtocolException($"an entry of the unknown kind {(byte)kind}: this program cannot apply it");
    }

    /// <summary>Two bytes of length, then valid UTF-8.</summary>
    public string ReadText(int bytesMax)
    {
        int length = ReadUInt16();
        if (length > bytesMax)
        {
            throw new ProtocolException($"{_what}: a text of {length} bytes; at most {bytesMax} are allowed");
        }

        try
        {
            return StrictUtf8.GetString(Take(length));
        }
        catch (DecoderFallbackException)
        {
            throw new ProtocolException($"{_what}: a text that is not UTF-8");
        }
    }

    /// <summary>Nothing may be left.</summary>
    public readonly void End()
    {
        if (_rest.Length != 0)
        {
            throw new ProtocolException($"{_what}: {_rest.Length} bytes too many");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _rest.Length)
        {
            throw new ProtocolException($"{_what}: ends {(long)count - _rest.Length} bytes too early");
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
