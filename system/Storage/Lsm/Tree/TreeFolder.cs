// The folder of a tree at open, and its flushes. After a flush of it has failed nobody knows which names are durable: the tree is poisoned. Flushes take
// turns, because one that fails also forgets the names that another has just made: its own success afterwards would mean nothing.

using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Disk;
using SimGraph.Storage.Lsm.Versions;

namespace SimGraph.Storage.Lsm.Tree;

/// <summary>Reads what is there, and removes what nothing refers to.</summary>
internal static class TreeFolder
{
    /// <summary>Makes all names durable that were made before the call. Cancelled, it has not begun.</summary>
    /// <exception cref="LsmFailedException">The tree is poisoned, by this flush or before it.</exception>
    public static async Task FlushAsync(TreeCore core, CancellationToken cancellationToken)
    {
        using AsyncLock.Holder turn = await core.FolderTurn.EnterAsync(cancellationToken);
        if (core.Failure is { } failure)
        {
            throw new LsmFailedException(failure.Message, failure.InnerException);
        }

        try
        {
            await core.Platform.Disk.FlushDirectoryAsync(core.Options.Folder, cancellationToken);
        }
        catch (DiskException exception)
        {
            throw core.Fail(exception);
        }
    }

    /// <summary>Reads the manifest and compares it with the files.</summary>
    public static async Task<(RecoveredManifest Recovered, IReadOnlyList<string> Orphans)> ReadAsync(
        IPlatform platform, LsmOptions options, CancellationToken cancellationToken)
    {
        IDisk disk = platform.Disk;
        await disk.CreateDirectoryAsync(options.Folder, cancellationToken);
        IReadOnlyList<string> names = await disk.ListAsync(options.Folder, cancellationToken);
        string path = DiskPath.Join(options.Folder, TreeFiles.Manifest);
        bool hasManifest = false;
        var numbers = new SortedSet<ulong>();
        foreach (string name in names)
        {
            hasManifest |= name == TreeFiles.Manifest;
            if (TreeFiles.TryParseTable(name, out ulong number))
            {
                numbers.Add(number);
            }
        }

        if (!hasManifest && numbers.Count > 0)
        {
            throw new LsmCorruptException(path, 0, $"it is missing, and there are {numbers.Count} tables");
        }

        RecoveredManifest recovered = hasManifest
            ? await RecoveredManifest.ReadAsync(disk, path, options.LevelCount, cancellationToken)
            : RecoveredManifest.Nothing(options.LevelCount);
        List<string> orphans = FindOrphans(options, recovered.Version, numbers);

        // A table that was being written when the process ended may have a number that the manifest has not heard of. It must not be used again.
        ulong next = numbers.Count > 0 ? Math.Max(recovered.NextNumber, numbers.Max + 1) : recovered.NextNumber;
        return (recovered with { NextNumber = next }, orphans);
    }

    /// <summary>Deletes files; the manifest that does not name them is durable.</summary>
    public static async Task DeleteAsync(TreeCore core, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        for (int i = 0; i < paths.Count; i++)
        {
            core.Platform.Probes.Reachable("lsm.orphan-removed");
            await core.Platform.Disk.DeleteAsync(paths[i], cancellationToken);
        }
    }

    private static List<string> FindOrphans(LsmOptions options, TreeVersion version, SortedSet<ulong> numbers)
    {
        var unnamed = new SortedSet<ulong>(numbers);
        for (int level = 0; level < version.Levels.Length; level++)
        {
            foreach (LsmTable table in version.Levels[level])
            {
                if (!unnamed.Remove(table.Number))
                {
                    string missing = DiskPath.Join(options.Folder, TreeFiles.TableOf(table.Number));
                    throw new LsmCorruptException(missing, 0, "the manifest names it, and it is missing");
                }
            }

            if (version.DisorderOf(level) is { } disorder)
            {
                throw new LsmCorruptException(DiskPath.Join(options.Folder, TreeFiles.Manifest), 0, disorder);
            }
        }

        var orphans = new List<string>();
        foreach (ulong number in unnamed)
        {
            orphans.Add(DiskPath.Join(options.Folder, TreeFiles.TableOf(number)));
        }

        return orphans;
    }
}
