// Says of a node's folder that a restore made it: for which cluster, from what, and whether it came to its end. Written before anything else and again after everything else, so that no node ever runs
// on half a restore, nor under the name of the old cluster, whose members would take it for one of theirs. Its form is in docs/formats.md.

using System.Buffers.Binary;
using SimGraph.Replication.Node;
using SimGraph.Replication.Wire;
using SimGraph.Runtime.Disk;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Backup.Restoring;

/// <summary>The mark of a restored node's folder.</summary>
/// <param name="IsWhole">Whether the restore came to its end.</param>
/// <param name="Backup">The backup it was made from.</param>
/// <param name="Position">The last entry of it that counts.</param>
/// <param name="ClusterId">The cluster it was made for.</param>
internal sealed record RestoreMark(bool IsWhole, ulong Backup, LogPosition Position, string ClusterId)
{
    private const string Name = "restored";
    private const string NewName = "restored.new";
    private const uint Version = 1;
    private const string What = "mark of a restore";
    private const int BytesMax = 1024;

    private static ReadOnlySpan<byte> Magic => "SIMGRRST"u8;

    /// <summary>Throws unless a node of that cluster may run in the folder.</summary>
    /// <exception cref="RecoveryException">It was restored for another cluster, or not to the end, or the mark is damaged.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public static async Task CheckAsync(IDisk disk, string folder, string clusterId, CancellationToken cancellationToken)
    {
        string path = DiskPath.Join(folder, Name);
        if (!await disk.ExistsAsync(path, cancellationToken))
        {
            return;
        }

        RestoreMark mark;
        await using (IFile file = await disk.OpenAsync(path, FileOpenMode.Existing, cancellationToken))
        {
            byte[] bytes = new byte[BytesMax + 1];
            int length = await file.ReadAsync(0, bytes, cancellationToken);
            try
            {
                mark = Decode(bytes.AsSpan(0, length));
            }
            catch (FormatException exception)
            {
                throw new RecoveryException($"'{path}' is damaged ({exception.Message}): restore the node again");
            }
        }

        if (!mark.IsWhole)
        {
            throw new RecoveryException($"the restore that made this folder did not come to its end ('{path}' says so): delete the folder and restore the node again");
        }

        if (mark.ClusterId != clusterId)
        {
            throw new RecoveryException($"this node was restored for cluster '{mark.ClusterId}' and must not run as a node of cluster '{clusterId}'");
        }
    }

    /// <summary>Puts the mark into a folder, durably.</summary>
    /// <exception cref="DiskException">The disk failed.</exception>
    public async Task WriteAsync(IDisk disk, string folder, CancellationToken cancellationToken)
    {
        string newPath = DiskPath.Join(folder, NewName);
        await disk.DeleteAsync(newPath, cancellationToken);
        await using (IFile file = await disk.OpenAsync(newPath, FileOpenMode.CreateNew, cancellationToken))
        {
            await file.WriteDurablyAsync(0, Encode(), cancellationToken);
        }

        await disk.RenameAsync(newPath, DiskPath.Join(folder, Name), cancellationToken);
        await disk.FlushDirectoryAsync(folder, cancellationToken);
    }

    /// <exception cref="FormatException">Not such a mark.</exception>
    public static RestoreMark Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Magic.Length + sizeof(uint) || !bytes.StartsWith(Magic))
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

        var mark = new RestoreMark(reader.ReadBool(), reader.ReadUInt64(), reader.ReadPosition(), reader.ReadText(HandshakeRequest.ClusterIdBytesMax));
        reader.End();
        return mark;
    }

    public byte[] Encode()
    {
        var writer = new FrameWriter();
        writer.WriteBytes(Magic);
        writer.WriteUInt32(Version);
        writer.WriteBool(IsWhole);
        writer.WriteUInt64(Backup);
        writer.WriteUInt64(Position.Index);
        writer.WriteUInt64(Position.Term);
        writer.WriteText(ClusterId);
        writer.WriteUInt32(FrameFormat.Checksum(writer.Written.Span));
        return writer.Written.ToArray();
    }
}
