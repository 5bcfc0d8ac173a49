using System.Buffers.Binary;

namespace SimGraph.Storage.Log;

/// <summary>The first bytes of a segment. The format stands in docs/formats.md.</summary>
/// <param name="Version">Format version.</param>
/// <param name="HeadBytes">Length of the head: this header and the copies of state and start behind it.</param>
/// <param name="Sequence">Number of the segment, as in its name.</param>
/// <param name="PreviousBytes">Final length of the segment before; 0 for the first.</param>
/// <param name="Flags">What else is to be known.</param>
internal readonly record struct SegmentHeader(uint Version, int HeadBytes, ulong Sequence, long PreviousBytes, SegmentFlags Flags)
{
    public const int Bytes = 40;
    public const uint CurrentVersion = 2;
    public const uint OldestVersion = 1;
    private const ulong Magic = 0x4C41_5752_474D_4953; // "SIMGRWAL" in file order.
    private const int ChecksumOffset = 36;

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(target, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(target[12..], HeadBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(target[24..], PreviousBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(target[32..], (uint)Flags);
        BinaryPrimitives.WriteUInt32LittleEndian(target[ChecksumOffset..], Crc32C.Compute(target[..ChecksumOffset]));
    }

    /// <summary>False if the bytes are not a header that was written whole.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out SegmentHeader header)
    {
        header = default;
        if (source.Length < Bytes
            || BinaryPrimitives.ReadUInt64LittleEndian(source) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(source[ChecksumOffset..]) != Crc32C.Compute(source[..ChecksumOffset]))
        {
            return false;
        }

        header = new SegmentHeader(
            BinaryPrimitives.ReadUInt32LittleEndian(source[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[12..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[24..]),
            (SegmentFlags)BinaryPrimitives.ReadUInt32LittleEndian(source[32..]));
        return true;
    }
}
