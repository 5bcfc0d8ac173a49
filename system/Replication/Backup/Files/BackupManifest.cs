// What makes files a backup: the one file that is written last. It names every other file with length and hash; what it does not name does not count. Its form is in docs/formats.md;
// a decoder accepts nothing but what is written there, and nothing that could not be restored.

using System.Buffers.Binary;
using SimGraph.Replication.Wire;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Backup.Files;

/// <summary>The manifest of a backup folder. Immutable.</summary>
/// <param name="Id">Names the backup; in the header of each of its files.</param>
/// <param name="ClusterId">The cluster it is from.</param>
/// <param name="Base">Position of the base state.</param>
/// <param name="BaseDigest">Digest of the state there.</param>
/// <param name="BaseFile">The file with it.</param>
/// <param name="EndDigest">Digest of the state at <see cref="End"/>, if a member told it.</param>
/// <param name="Files">The files with the entries behind the base, in order, without a gap.</param>
internal sealed record BackupManifest(
    ulong Id, string ClusterId, LogPosition Base, UInt128 BaseDigest, BackupFileRecord BaseFile, UInt128? EndDigest, IReadOnlyList<EntryFileRecord> Files)
{
    /// <summary>Most files with entries.</summary>
    public const int FilesMax = 100_000;

    private const uint Version = 1;
    private const string What = "backup manifest";
    private const int EntryFileBytes = 6 * sizeof(ulong);

    /// <summary>The last entry.</summary>
    public LogPosition End => Files.Count > 0 ? Files[^1].Last : Base;

    private static ReadOnlySpan<byte> Magic => "SIMGRBKM"u8;

    /// <summary>What it says, for whoever asked for the backup.</summary>
    public BackupSummary Summarize() => new(Id, ClusterId, Base, End, BaseFile.Length + Files.Sum(static file => file.File.Length));

    /// <exception cref="FormatException">Not a manifest of a known version, or damaged.</exception>
    public static BackupManifest Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Magic.Length + (2 * sizeof(uint)) || !bytes.StartsWith(Magic))
        {
            throw new ProtocolException($"{What}: not one, or cut off");
        }

        ReadOnlySpan<byte> covered = bytes[..^sizeof(uint)];
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[covered.Length..]) != FrameFormat.Checksum(covered))
        {
            throw new ProtocolException($"{What}: the checksum does not match");
        }

        var reader = new WireReader(covered[Magic.Length..], What);
        uint version = reader.ReadUInt32();
        if (version != Version)
        {
            throw new ProtocolException($"{What}: version {version}; this program reads {Version}");
        }

        ulong id = reader.ReadUInt64();
        string cluster = reader.ReadText(HandshakeRequest.ClusterIdBytesMax);
        LogPosition position = reader.ReadPosition();
        UInt128 digest = reader.ReadUInt128();
        BackupFileRecord file = ReadFile(ref reader);
        bool knowsEnd = reader.ReadBool();
        UInt128 end = reader.ReadUInt128();
        EntryFileRecord[] files = ReadFiles(ref reader, position);
        reader.End();
        return cluster.Length > 0 && (knowsEnd || end == 0)
            ? new BackupManifest(id, cluster, position, digest, file, knowsEnd ? end : null, files)
            : throw new ProtocolException($"{What}: no cluster, or a digest that is none");
    }

    public byte[] Encode()
    {
        var writer = new FrameWriter();
        writer.WriteBytes(Magic);
        writer.WriteUInt32(Version);
        writer.WriteUInt64(Id);
        writer.WriteText(ClusterId);
        WritePosition(writer, Base);
        writer.WriteUInt128(BaseDigest);
        WriteFile(writer, BaseFile);
        writer.WriteBool(EndDigest is not null);
        writer.WriteUInt128(EndDigest ?? 0);
        writer.WriteUInt32((uint)Files.Count);
        foreach (EntryFileRecord file in Files)
        {
            WritePosition(writer, file.Previous);
            WritePosition(writer, file.Last);
            WriteFile(writer, file.File);
        }

        writer.WriteUInt32(FrameFormat.Checksum(writer.Written.Span));
        return writer.Written.ToArray();
    }

    /// <summary>The most that a manifest may have.</summary>
    public static int BytesMax => 1024 + (FilesMax * EntryFileBytes);

    private static EntryFileRecord[] ReadFiles(ref WireReader reader, LogPosition position)
    {
        uint count = reader.ReadUInt32();
        if (count > FilesMax || reader.Remaining != count * EntryFileBytes)
        {
            throw new ProtocolException($"{What}: {count} files of entries in {reader.Remaining} bytes");
        }

        var files = new EntryFileRecord[count];
        for (int i = 0; i < files.Length; i++)
        {
            files[i] = new EntryFileRecord(reader.ReadPosition(), reader.ReadPosition(), ReadFile(ref reader));
            if (files[i].Previous != position || files[i].Last.Index <= position.Index || files[i].Last.Term < position.Term)
            {
                throw new ProtocolException($"{What}: entries from {files[i].Previous} to {files[i].Last} where {position} is the end");
            }

            position = files[i].Last;
        }

        return files;
    }

    private static BackupFileRecord ReadFile(ref WireReader reader)
    {
        ulong length = reader.ReadUInt64();
        ulong hash = reader.ReadUInt64();
        return length <= long.MaxValue ? new BackupFileRecord((long)length, hash) : throw new ProtocolException($"{What}: a file of {length} bytes");
    }

    private static void WriteFile(FrameWriter writer, BackupFileRecord file)
    {
        writer.WriteUInt64((ulong)file.Length);
        writer.WriteUInt64(file.Hash);
    }

    private static void WritePosition(FrameWriter writer, LogPosition position)
    {
        writer.WriteUInt64(position.Index);
        writer.WriteUInt64(position.Term);
    }
}
