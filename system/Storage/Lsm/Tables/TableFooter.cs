using System.Buffers.Binary;

namespace SimGraph.Storage.Lsm.Tables;

/// <summary>The last bytes of a table: which it is, and how long the blocks before are. The format stands in docs/formats.md.</summary>
internal readonly record struct TableFooter(
    uint Version, ulong Number, long FileBytes, uint RangeTombstoneBytes, uint FilterBytes, uint IndexBytes, uint PropertiesBytes)
{
    public const int Bytes = 52;
    public const uint CurrentVersion = 1;
    private const ulong Magic = 0x4241_5452_474D_4953; // "SIMGRTAB" in file order.
    private const int ChecksumOffset = 48;

    /// <summary>Bytes of the blocks between the data and this footer.</summary>
    public long BlockBytes => (long)RangeTombstoneBytes + FilterBytes + IndexBytes + PropertiesBytes;

    public void Write(OutputBuffer target)
    {
        int start = target.Length;
        target.WriteUInt64(Magic);
        target.WriteUInt32(Version);
        target.WriteUInt32(0);
        target.WriteUInt64(Number);
        target.WriteUInt64((ulong)FileBytes);
        target.WriteUInt32(RangeTombstoneBytes);
        target.WriteUInt32(FilterBytes);
        target.WriteUInt32(IndexBytes);
        target.WriteUInt32(PropertiesBytes);
        target.WriteUInt32(Crc32C.Compute(target.From(start)));
    }

    /// <summary>False if the bytes are not a footer that was written whole.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out TableFooter footer)
    {
        footer = default;
        if (source.Length != Bytes
            || BinaryPrimitives.ReadUInt64LittleEndian(source) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(source[ChecksumOffset..]) != Crc32C.Compute(source[..ChecksumOffset])
            || BinaryPrimitives.ReadUInt32LittleEndian(source[12..]) != 0)
        {
            return false;
        }

        footer = new TableFooter(
            BinaryPrimitives.ReadUInt32LittleEndian(source[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[24..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[32..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[36..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[40..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[44..]));
        return true;
    }
}
