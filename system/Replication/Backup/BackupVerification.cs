using SimGraph.Replication.Backup.Files;
using SimGraph.Runtime.Disk;

namespace SimGraph.Replication.Backup;

/// <summary>Looks at backups.</summary>
public static class BackupVerification
{
    /// <summary>Tells what a folder holds, by its manifest alone.</summary>
    /// <exception cref="BackupException">It holds no backup, or one that broke off.</exception>
    /// <exception cref="BackupCorruptException">The manifest is damaged.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public static async Task<BackupSummary> DescribeAsync(IDisk disk, string folder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(disk);
        return (await new BackupFolder(disk, folder).LoadAsync(cancellationToken)).Summarize();
    }

    /// <summary>Reads every byte of a backup and checks it: checksums, hashes, the order of the state's keys and of the entries.</summary>
    /// <exception cref="BackupException">It holds no backup, or one that broke off.</exception>
    /// <exception cref="BackupCorruptException">It is damaged.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public static async Task<BackupSummary> VerifyAsync(IDisk disk, string folder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(disk);
        var files = new BackupFolder(disk, folder);
        var reader = new BackupReader(files, await files.LoadAsync(cancellationToken));
        var order = new PairOrder();
        await reader.ReadBaseAsync(
            async (chunk, _) =>
            {
                order.Check(chunk.Span);
                await ValueTask.CompletedTask;
            },
            cancellationToken);
        await reader.ReadEntriesAsync(ulong.MaxValue, static async (_, _) => await ValueTask.CompletedTask, cancellationToken);
        return reader.Manifest.Summarize();
    }
}
