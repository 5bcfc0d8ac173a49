using System.Buffers.Binary;
using SimGraph.Storage.Log;

namespace SimGraph.Storage.Snapshots;

/// <summary>The first bytes of a snapshot file. The format stands in docs/formats.md.</summary>
/// <param name="Version">Format version.</param>
/// <param name="Position">The last entry that the snapshot covers.</param>
/// <param name="DataBytes">Length of the data behind the header.</param>
/// <param name="DataChecksum">CRC-32C of the data.</param>
internal readonly record struct SnapshotHeader(uint Version, LogPosition Position, long DataBytes, uint DataChecksum)
{
    public const int Bytes = 48;
    public const uint CurrentVersion = 1;
    private const ulong Magic = 0x504E_5352_474D_4953; // "SIMGRSNP" in file order.
    private const int ChecksumOffset = 44;

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(target, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(target[12..], 0);
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], Position.Index);
        BinaryPrimitives.WriteUInt64LittleEndian(target[24..], Position.Term);
        BinaryPrimitives.WriteInt64LittleEndian(target[32..], DataBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(target[40..], DataChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(target[ChecksumOffset..], Crc32C.Compute(target[..ChecksumOffset]));
    }

    /// <summary>False if the bytes are not a whole header.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out SnapshotHeader header)
    {
        header = default;
        if (source.Length < Bytes
            || BinaryPrimitives.ReadUInt64LittleEndian(source) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(source[ChecksumOffset..]) != Crc32C.Compute(source[..ChecksumOffset]))
        {
            return false;
        }

        header = new SnapshotHeader(
            BinaryPrimitives.ReadUInt32LittleEndian(source[8..]),
            new LogPosition(BinaryPrimitives.ReadUInt64LittleEndian(source[16..]), BinaryPrimitives.ReadUInt64LittleEndian(source[24..])),
            BinaryPrimitives.ReadInt64LittleEndian(source[32..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[40..]));
        return true;
    }
}
