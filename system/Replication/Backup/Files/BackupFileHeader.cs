using System.Buffers.Binary;
using SimGraph.Replication.Wire;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Backup.Files;

/// <summary>Begins a file of a backup; its form is in docs/formats.md.</summary>
/// <param name="Kind">What follows.</param>
/// <param name="Backup">The backup it belongs to.</param>
/// <param name="Position">The base state's position, or that of the entry before the first.</param>
internal readonly record struct BackupFileHeader(BackupFileKind Kind, ulong Backup, LogPosition Position)
{
    /// <summary>Bytes of it.</summary>
    public const int Bytes = ChecksumAt + sizeof(uint);

    private const uint Version = 1;
    private const int ChecksumAt = 40;

    private static ReadOnlySpan<byte> Magic => "SIMGRBAK"u8;

    public byte[] Encode()
    {
        byte[] bytes = new byte[Bytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Version);
        bytes[12] = (byte)Kind;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), Backup);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), Position.Index);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(32), Position.Term);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(ChecksumAt), FrameFormat.Checksum(bytes.AsSpan(0, ChecksumAt)));
        return bytes;
    }

    /// <exception cref="BackupCorruptException">These bytes are not the expected header.</exception>
    public static void Check(string path, ReadOnlySpan<byte> bytes, BackupFileHeader expected)
    {
        if (!bytes.SequenceEqual(expected.Encode()))
        {
            throw new BackupCorruptException(path, 0, $"its header is not that of the {expected.Kind} file at {expected.Position} of backup {expected.Backup:x16} in version {Version}");
        }
    }
}
