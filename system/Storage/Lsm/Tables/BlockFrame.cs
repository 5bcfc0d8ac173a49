using System.Buffers.Binary;

namespace SimGraph.Storage.Lsm.Tables;

/// <summary>The header of a block. Its checksum covers which table and which place the block is of.</summary>
internal static class BlockFrame
{
    public const int HeaderBytes = 12;

    /// <summary>Fills in the header of a block whose payload stands behind it.</summary>
    /// <param name="block">The block, header included.</param>
    /// <param name="number">The table's number.</param>
    /// <param name="offset">Where in the file the block begins.</param>
    /// <param name="kind">What it holds.</param>
    /// <param name="encoding">How its payload is stored.</param>
    /// <param name="decodedBytes">Length of the payload once decoded.</param>
    public static void Seal(Span<byte> block, ulong number, long offset, BlockKind kind, BlockEncoding encoding, int decodedBytes)
    {
        block[4] = (byte)kind;
        block[5] = (byte)encoding;
        BinaryPrimitives.WriteUInt16LittleEndian(block[6..], 0);
        BinaryPrimitives.WriteInt32LittleEndian(block[8..], decodedBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(block, ChecksumOf(block, number, offset));
    }

    /// <summary>What is wrong with a block, or null. A whole one says how its payload is stored.</summary>
    public static string? Check(ReadOnlySpan<byte> block, ulong number, long offset, BlockKind kind, out BlockEncoding encoding, out int decodedBytes)
    {
        encoding = BlockEncoding.Plain;
        decodedBytes = 0;
        if (block.Length < HeaderBytes)
        {
            return "a block is shorter than its header";
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(block) != ChecksumOf(block, number, offset))
        {
            return $"the checksum of a block does not hold, for table {number} and this place";
        }

        encoding = (BlockEncoding)block[5];
        decodedBytes = BinaryPrimitives.ReadInt32LittleEndian(block[8..]);
        int storedBytes = block.Length - HeaderBytes;
        bool fits = encoding switch
        {
            BlockEncoding.Plain => decodedBytes == storedBytes,
            BlockEncoding.Lz4 => kind == BlockKind.Data && decodedBytes >= 0 && decodedBytes <= TableLimits.DataBlockBytesMax
                && decodedBytes <= (long)storedBytes * TableLimits.Lz4RatioMax,
            _ => false,
        };
        return block[4] == (byte)kind && BinaryPrimitives.ReadUInt16LittleEndian(block[6..]) == 0 && fits
            ? null
            : $"the header of a block ({kind}) makes no sense";
    }

    private static uint ChecksumOf(ReadOnlySpan<byte> block, ulong number, long offset)
    {
        Span<byte> place = stackalloc byte[2 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(place, number);
        BinaryPrimitives.WriteInt64LittleEndian(place[sizeof(ulong)..], offset);
        return Crc32C.Compute(block[4..], Crc32C.Compute(place));
    }
}
