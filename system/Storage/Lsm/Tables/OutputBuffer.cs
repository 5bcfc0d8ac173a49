namespace SimGraph.Storage.Lsm.Tables;

/// <summary>Bytes on their way to a file, which may still be changed. Not thread-safe.</summary>
internal sealed class OutputBuffer(int capacity)
{
    private byte[] _array = new byte[capacity];

    public int Length { get; private set; }

    public Memory<byte> Memory => _array.AsMemory(0, Length);

    /// <summary>What was written from an offset on.</summary>
    public Span<byte> From(int offset) => _array.AsSpan(offset, Length - offset);

    /// <summary>Room for at least so many bytes behind the end.</summary>
    public Span<byte> Reserve(int count)
    {
        if (count > _array.Length - Length)
        {
            Array.Resize(ref _array, Math.Max(checked(Length + count), (int)Math.Min(2L * _array.Length, Array.MaxLength)));
        }

        return _array.AsSpan(Length);
    }

    /// <summary>So many bytes of the reserved room were filled.</summary>
    public void Advance(int count) => Length += count;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    public void WriteVarint(ulong value) => Length += Varint.Write(Reserve(Varint.BytesMax64), value);

    public void WriteUInt32(uint value)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(Reserve(sizeof(uint)), value);
        Length += sizeof(uint);
    }

    public void WriteUInt64(ulong value)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(Reserve(sizeof(ulong)), value);
        Length += sizeof(ulong);
    }

    /// <summary>Forgets the first bytes; the others move to the front.</summary>
    public void RemoveFirst(int count)
    {
        _array.AsSpan(count, Length - count).CopyTo(_array);
        Length -= count;
    }

    /// <summary>Forgets what stands behind an offset.</summary>
    public void CutTo(int length) => Length = length;
}
