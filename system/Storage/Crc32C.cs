// CRC-32C (Castagnoli) by the processor's own instruction where there is one. The instruction takes three cycles to answer and a new one can start each
// cycle, so a long input is read as three lanes side by side, and their checksums are joined afterwards: moving a checksum over n zero bytes is linear
// in its bits, so a table for each of its four bytes does it. (The method is Gopal et al., "Fast CRC Computation for iSCSI Polynomial Using CRC32
// Instruction", Intel 2011, section 3.)

using System.Buffers.Binary;
using System.Numerics;

namespace SimGraph.Storage;

/// <summary>CRC-32C (Castagnoli) of bytes.</summary>
internal static class Crc32C
{
    private const int LongLaneBytes = 2048;
    private const int ShortLaneBytes = 256;
    private static readonly uint[] OverLongLane = ShiftTable(LongLaneBytes);
    private static readonly uint[] OverShortLane = ShiftTable(ShortLaneBytes);

    /// <summary>The checksum of <paramref name="bytes"/>; <paramref name="seed"/> is the checksum of what goes before them, 0 for nothing.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes, uint seed = 0)
    {
        uint crc = ~seed;
        while (bytes.Length >= 3 * LongLaneBytes)
        {
            crc = ThreeLanes(crc, bytes, LongLaneBytes, OverLongLane);
            bytes = bytes[(3 * LongLaneBytes)..];
        }

        while (bytes.Length >= 3 * ShortLaneBytes)
        {
            crc = ThreeLanes(crc, bytes, ShortLaneBytes, OverShortLane);
            bytes = bytes[(3 * ShortLaneBytes)..];
        }

        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }

    private static uint ThreeLanes(uint crc, ReadOnlySpan<byte> bytes, int laneBytes, uint[] overLane)
    {
        ReadOnlySpan<byte> first = bytes[..laneBytes];
        ReadOnlySpan<byte> second = bytes.Slice(laneBytes, laneBytes);
        ReadOnlySpan<byte> third = bytes.Slice(2 * laneBytes, laneBytes);
        uint crcOfSecond = 0;
        uint crcOfThird = 0;
        while (first.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(first));
            crcOfSecond = BitOperations.Crc32C(crcOfSecond, BinaryPrimitives.ReadUInt64LittleEndian(second));
            crcOfThird = BitOperations.Crc32C(crcOfThird, BinaryPrimitives.ReadUInt64LittleEndian(third));
            first = first[sizeof(ulong)..];
            second = second[sizeof(ulong)..];
            third = third[sizeof(ulong)..];
        }

        return Shift(Shift(crc, overLane) ^ crcOfSecond, overLane) ^ crcOfThird;
    }

    private static uint Shift(uint crc, uint[] table) =>
        table[(byte)crc] ^ table[256 + (byte)(crc >> 8)] ^ table[512 + (byte)(crc >> 16)] ^ table[768 + (crc >> 24)];

    // Entry (k, b): what becomes of byte b at place k of a checksum when zeros follow.
    private static uint[] ShiftTable(int zeroBytes)
    {
        uint[] table = new uint[4 * 256];
        for (int bit = 0; bit < 32; bit++)
        {
            uint moved = 1u << bit;
            for (int i = 0; i < zeroBytes / sizeof(ulong); i++)
            {
                moved = BitOperations.Crc32C(moved, 0UL);
            }

            for (int value = 0; value < 256; value++)
            {
                table[(bit / 8 * 256) + value] ^= (value >> (bit % 8) & 1) == 0 ? 0 : moved;
            }
        }

        return table;
    }
}
