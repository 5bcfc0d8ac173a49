using System.Buffers.Binary;

namespace SimGraph.Storage.Lsm.Versions;

/// <summary>Reads the fields of a manifest's record, none behind its end.</summary>
internal ref struct ManifestReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public byte ReadByte() => Take(1)[0];

    public int ReadInt32()
    {
        int value = BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));
        return value >= 0 ? value : throw new FormatException($"the number at offset {_at - sizeof(int)} of a record is negative");
    }

    public long ReadInt64()
    {
        long value = BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));
        return value >= 0 ? value : throw new FormatException($"the number at offset {_at - sizeof(long)} of a record is negative");
    }

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    public byte[] ReadBytes() => Take(ReadInt32()).ToArray();

    /// <summary>A number of items, each of which has at least so many bytes.</summary>
    public int ReadCount(int itemBytesMin)
    {
        int count = ReadInt32();
        return count <= (_bytes.Length - _at) / itemBytesMin
            ? count
            : throw new FormatException($"{count} items do not fit into a record at offset {_at}");
    }

    public readonly void CheckEnd()
    {
        if (_at != _bytes.Length)
        {
            throw new FormatException($"{_bytes.Length - _at} bytes are left over in a record");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _at)
        {
            throw new FormatException($"a field of {count} bytes at offset {_at} reaches behind the end of a record");
        }

        ReadOnlySpan<byte> taken = _bytes.Slice(_at, count);
        _at += count;
        return taken;
    }
}
