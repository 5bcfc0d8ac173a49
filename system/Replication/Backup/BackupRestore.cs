// Makes the folders of a new cluster's nodes from a backup: the base as a received snapshot, then each entry up to the wanted one, then a log that starts there and holds one entry, the new
// membership. All nodes in one call, from one index: nodes of one cluster that were restored to different indexes would have different pasts.
//
// Concurrency model: a call uses the caller's task, and the trees' and logs' own; all have ended when it returns. Fault model: the process or the disk fails at any point: the mark in the folder
// then says that it is not whole, and no node starts there.

using System.Globalization;
using Microsoft.Extensions.Logging;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Backup.Files;
using SimGraph.Replication.Backup.Restoring;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Backup;

/// <summary>Restores backups.</summary>
public static class BackupRestore
{
    /// <summary>Makes the folders of all nodes of a new cluster, on the platform's disk.</summary>
    /// <param name="platform">Holds what is made.</param>
    /// <param name="backupDisk">Holds the backup.</param>
    /// <param name="backupFolder">Where on it.</param>
    /// <param name="options">Validated here.</param>
    /// <param name="cancellationToken">Gives up; what was made is marked as unfinished.</param>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    /// <exception cref="BackupException">There is no backup, the index is not in it, the name is the old one, or a node's folder is not empty; nothing was changed.</exception>
    /// <exception cref="BackupCorruptException">The backup is damaged.</exception>
    /// <exception cref="DiskException">A disk failed.</exception>
    public static async Task<RestoreSummary> RestoreAsync(
        IPlatform platform, IDisk backupDisk, string backupFolder, RestoreOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(backupDisk);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var folder = new BackupFolder(backupDisk, backupFolder);
        BackupManifest manifest = await folder.LoadAsync(cancellationToken);
        ulong index = JudgeIndex(manifest, options);
        foreach (NodeId node in options.Members.Keys)
        {
            await RequireEmptyAsync(platform.Disk, options, node, cancellationToken);
        }

        var reader = new BackupReader(folder, manifest);
        RestoreSummary? restored = null;
        foreach (NodeId node in options.Members.Keys)
        {
            restored = await RestoreNodeAsync(platform, reader, options, node, index, cancellationToken);
        }

        return restored!;
    }

    private static ulong JudgeIndex(BackupManifest manifest, RestoreOptions options)
    {
        if (options.ClusterId == manifest.ClusterId)
        {
            throw new BackupException(
                $"the backup is of a cluster named '{manifest.ClusterId}': the new one needs another name, or clients and nodes of the old one would take it for theirs");
        }

        ulong index = options.Index ?? manifest.End.Index;
        return index >= manifest.Base.Index && index <= manifest.End.Index
            ? index
            : throw new BackupException($"the backup can be restored to any index from {manifest.Base.Index} to {manifest.End.Index}, and not to {index}");
    }

    private static async Task RequireEmptyAsync(IDisk disk, RestoreOptions options, NodeId node, CancellationToken cancellationToken)
    {
        string root = options.FolderOf(node);
        foreach (string folder in (string[])[root, DiskPath.Join(root, options.LogDirectory), DiskPath.Join(root, options.State.Tree.Folder)])
        {
            IReadOnlyList<string> names = await disk.ListAsync(folder, cancellationToken);
            if (names.Count > 0)
            {
                throw new BackupException($"'{folder}' is not empty: it holds '{names[0]}'; restore into a new folder, or delete this one");
            }
        }
    }

    private static async Task<RestoreSummary> RestoreNodeAsync(
        IPlatform platform, BackupReader reader, RestoreOptions options, NodeId node, ulong index, CancellationToken cancellationToken)
    {
        string folder = options.FolderOf(node);
        BackupManifest manifest = reader.Manifest;
        var mark = new RestoreMark(false, manifest.Id, new LogPosition(index, 0), options.ClusterId);
        await platform.Disk.CreateDirectoryAsync(folder, cancellationToken);
        await mark.WriteAsync(platform.Disk, folder, cancellationToken);
        var scope = new TaskScope(platform.Tasks, $"restore-{node.Value}");
        try
        {
            (LogPosition position, UInt128 digest) = await RestoreStateAsync(platform, scope, reader, Below(options.State, folder), index, cancellationToken);
            var membership = new LogEntry(position.Index + 1, position.Term + 1, LogEntryKind.Membership, options.NewMembership.Encode());
            await WriteLogAsync(platform, scope, DiskPath.Join(folder, options.LogDirectory), position, membership, cancellationToken);
            await (mark with { IsWhole = true, Position = position }).WriteAsync(platform.Disk, folder, cancellationToken);
            ILogger logger = platform.Logging.CreateLogger("SimGraph.Replication.Backup");
            BackupLog.Restored(logger, manifest.ClusterId, position, folder, options.ClusterId);
            return new RestoreSummary(manifest.Summarize(), position, digest, new LogPosition(membership.Index, membership.Term));
        }
        finally
        {
            await scope.StopAsync();
        }
    }

    private static StateMachineOptions Below(StateMachineOptions state, string folder) =>
        state with { Tree = state.Tree with { Folder = DiskPath.Join(folder, state.Tree.Folder) } };

    private static async Task<(LogPosition Position, UInt128 Digest)> RestoreStateAsync(
        IPlatform platform, TaskScope scope, BackupReader reader, StateMachineOptions options, ulong index, CancellationToken cancellationToken)
    {
        BackupManifest manifest = reader.Manifest;
        ReplicatedStateMachine machine = await ReplicatedStateMachine.OpenAsync(platform, scope, options, cancellationToken);
        try
        {
            await InstallBaseAsync(machine, reader, cancellationToken);
            Compare(manifest.BaseDigest, machine);
            await reader.ReadEntriesAsync(index, async (entry, token) => await machine.ApplyAsync(entry, token), cancellationToken);
            if (index == manifest.End.Index && manifest.EndDigest is { } digest)
            {
                Compare(digest, machine);
            }

            await machine.FlushAsync(cancellationToken);
            return (machine.Applied, machine.Digest);
        }
        finally
        {
            await machine.StopAsync();
        }
    }

    // As a snapshot that a leader sent: a base at 0 is the empty state that is there already.
    private static async Task InstallBaseAsync(ReplicatedStateMachine machine, BackupReader reader, CancellationToken cancellationToken)
    {
        BackupManifest manifest = reader.Manifest;
        if (manifest.Base.Index == 0)
        {
            await reader.ReadBaseAsync(
                static async (_, _) => await ValueTask.FromException(new FormatException("a state at entry 0 holds nothing, and this one does")), cancellationToken);
            return;
        }

        StagedState staged = machine.BeginReceive(manifest.Base, long.MaxValue);
        try
        {
            await reader.ReadBaseAsync(staged.AddAsync, cancellationToken);
            await staged.CompleteAsync((ulong)staged.Length, staged.Hash, cancellationToken);
            await machine.InstallAsync(staged, cancellationToken);
        }
        catch (FormatException exception)
        {
            await staged.AbandonAsync();
            throw new BackupException($"the base at {manifest.Base} is as it was written, and no state of a cluster: {exception.Message}", exception);
        }
        catch
        {
            await staged.AbandonAsync();
            throw;
        }
    }

    private static void Compare(UInt128 expected, ReplicatedStateMachine machine)
    {
        if (machine.Digest != expected)
        {
            throw new BackupException(string.Create(
                CultureInfo.InvariantCulture,
                $"the state that was restored at {machine.Applied} has digest {machine.Digest:x32}; the cluster's had {expected:x32}: the backup is damaged, or SessionsMax is not what it was"));
        }
    }

    private static async Task WriteLogAsync(
        IPlatform platform, TaskScope scope, string folder, LogPosition start, LogEntry membership, CancellationToken cancellationToken)
    {
        WriteAheadLog log = await WriteAheadLog.OpenAsync(platform, scope, new WriteAheadLogOptions { Directory = folder }, cancellationToken);
        try
        {
            // Nobody has voted in the new cluster, and its first term is behind that of the entry that makes it.
            ReadOnlyMemory<byte>? state = new HardState(membership.Term, null).Encode();
            await log.AppendAsync(new LogBatch { State = state, Start = start.Index > 0 ? start : null, Entries = [membership] }, cancellationToken);
        }
        finally
        {
            await log.StopAsync();
        }
    }
}
