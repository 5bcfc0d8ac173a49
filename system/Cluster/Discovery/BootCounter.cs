// How often this node has booted, on its own disk: the epoch that tells its boots apart. It is raised, and durable, before the node says a word, so no two
// processes of one disk ever share a number. A new file is written and renamed over the old one; a crash leaves one of the two, both of which are lower
// than the next number that is handed out. Damage is refused and never repaired: a number that goes back would fence the living.
//
// Format, little-endian: magic "SGB1", epoch u64, XxHash3 of both u64.

using System.Buffers.Binary;
using System.IO.Hashing;
using SimGraph.Runtime.Disk;

namespace SimGraph.Cluster.Discovery;

/// <summary>The persisted boot counter.</summary>
public static class BootCounter
{
    private const string Name = "boots";
    private const string NewName = "boots.new";
    private const uint Magic = 0x31424753;
    private const int Length = sizeof(uint) + sizeof(ulong) + sizeof(ulong);

    /// <summary>Counts one more boot, durably, and returns the number; 1 on an empty disk.</summary>
    /// <exception cref="BootCounterException">The counter is damaged.</exception>
    /// <exception cref="DiskException">The device failed.</exception>
    public static async Task<ulong> NextAsync(IDisk disk, string folder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(disk);
        await disk.CreateDirectoryAsync(folder, cancellationToken);
        string path = $"{folder}/{Name}";
        ulong epoch = checked(await ReadAsync(disk, path, cancellationToken) + 1);
        byte[] content = new byte[Length];
        BinaryPrimitives.WriteUInt32LittleEndian(content, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(content.AsSpan(4), epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(content.AsSpan(12), XxHash3.HashToUInt64(content.AsSpan(0, 12)));
        string newPath = $"{folder}/{NewName}";
        await disk.DeleteAsync(newPath, cancellationToken);
        await using (IFile file = await disk.OpenAsync(newPath, FileOpenMode.CreateNew, cancellationToken))
        {
            await file.WriteDurablyAsync(0, content, cancellationToken);
        }

        await disk.RenameAsync(newPath, path, cancellationToken);
        await disk.FlushDirectoryAsync(folder, cancellationToken);
        return epoch;
    }

    private static async Task<ulong> ReadAsync(IDisk disk, string path, CancellationToken cancellationToken)
    {
        if (!await disk.ExistsAsync(path, cancellationToken))
        {
            return 0;
        }

        byte[] content = new byte[Length + 1];
        int length;
        await using (IFile file = await disk.OpenAsync(path, FileOpenMode.Existing, cancellationToken))
        {
            length = await file.ReadAsync(0, content, cancellationToken);
        }

        if (length != Length
            || BinaryPrimitives.ReadUInt32LittleEndian(content) != Magic
            || BinaryPrimitives.ReadUInt64LittleEndian(content.AsSpan(12)) != XxHash3.HashToUInt64(content.AsSpan(0, 12)))
        {
            throw new BootCounterException(
                $"the boot counter '{path}' is damaged: restore it with a number above every one that this node has had, or give the node a new id and an empty disk");
        }

        return BinaryPrimitives.ReadUInt64LittleEndian(content.AsSpan(4));
    }
}
