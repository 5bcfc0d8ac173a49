// Where the data blocks are, held in memory as long as the table is open: a binary search over separators, no disk.

using System.Buffers.Binary;

namespace SimGraph.Storage.Lsm.Tables;

/// <summary>The data blocks of one table and what separates them. Immutable.</summary>
internal sealed class TableIndex
{
    private readonly ReadOnlyMemory<byte> _payload;
    private readonly Separator[] _separators;

    private TableIndex(ReadOnlyMemory<byte> payload, Separator[] separators)
    {
        _payload = payload;
        _separators = separators;
    }

    /// <summary>Number of data blocks.</summary>
    public int Count => _separators.Length;

    /// <summary>An index from its payload; null if that makes no sense for data of this length.</summary>
    public static TableIndex? TryRead(ReadOnlyMemory<byte> payload, long dataBytes)
    {
        ReadOnlySpan<byte> source = payload.Span;
        if (source.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(source) > (uint)(source.Length - sizeof(uint)) / 3)
        {
            return null;
        }

        var separators = new Separator[BinaryPrimitives.ReadUInt32LittleEndian(source)];
        int position = sizeof(uint);
        long offset = 0;
        for (int index = 0; index < separators.Length; index++)
        {
            if (!Varint.TryRead32(source, ref position, out uint blockBytes)
                || !Varint.TryRead32(source, ref position, out uint keyBytes)
                || !Varint.TryRead64(source, ref position, out ulong age)
                || blockBytes is < BlockFrame.HeaderBytes or > int.MaxValue
                || keyBytes > (uint)(source.Length - position)
                || (index == 0 && (keyBytes != 0 || age != 0)))
            {
                return null;
            }

            separators[index] = new Separator(offset, (int)blockBytes, position, (int)keyBytes, ulong.MaxValue - age);
            position += (int)keyBytes;
            offset += blockBytes;
        }

        var read = new TableIndex(payload, separators);
        return position == source.Length && offset == dataBytes && read.IsOrdered() ? read : null;
    }

    public long OffsetOf(int block) => _separators[block].Offset;

    public int BytesOf(int block) => _separators[block].Bytes;

    public ReadOnlySpan<byte> KeyOf(int block) => _payload.Span.Slice(_separators[block].KeyOffset, _separators[block].KeyBytes);

    public ulong SequenceOf(int block) => _separators[block].Sequence;

    /// <summary>The last block whose separator is at or before the given version: none behind it can begin at or before it. -1 if there is no block.</summary>
    public int Find(ReadOnlySpan<byte> key, ulong sequence)
    {
        ReadOnlySpan<byte> payload = _payload.Span;
        int low = 0;
        int high = _separators.Length - 1;
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high + 1) / 2);
            ref readonly Separator separator = ref _separators[middle];
            if (InternalOrder.Compare(payload.Slice(separator.KeyOffset, separator.KeyBytes), separator.Sequence, key, sequence) <= 0)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return _separators.Length == 0 ? -1 : low;
    }

    private bool IsOrdered()
    {
        for (int index = 1; index < _separators.Length; index++)
        {
            if (InternalOrder.Compare(KeyOf(index - 1), SequenceOf(index - 1), KeyOf(index), SequenceOf(index)) >= 0)
            {
                return false;
            }
        }

        return true;
    }

    private readonly record struct Separator(long Offset, int Bytes, int KeyOffset, int KeyBytes, ulong Sequence);
}
