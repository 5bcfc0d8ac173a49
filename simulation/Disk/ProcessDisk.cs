using SimGraph.Runtime.Disk;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Disk;

/// <summary>A machine's disk as one of its processes sees it.</summary>
internal sealed class ProcessDisk(SimulatedDisk disk, Incarnation process) : IDisk
{
    /// <inheritdoc/>
    public async ValueTask<IFile> OpenAsync(string path, FileOpenMode mode, CancellationToken cancellationToken)
    {
        DiskPath.Check(path);
        if (!Enum.IsDefined(mode))
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "unknown open mode");
        }

        DiskInode inode = await NamesAsync(path, changes: mode != FileOpenMode.Existing, image => image.Open(path, mode), cancellationToken);
        return new SimulatedFile(disk, process, inode, path);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ExistsAsync(string path, CancellationToken cancellationToken)
    {
        DiskPath.Check(path);
        return await NamesAsync(path, changes: false, image => image.Find(path) is not null, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask RenameAsync(string source, string target, CancellationToken cancellationToken)
    {
        DiskPath.Check(source);
        DiskPath.Check(target);
        await NamesAsync(
            source,
            changes: true,
            image =>
            {
                image.Rename(source, target);
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string path, CancellationToken cancellationToken)
    {
        DiskPath.Check(path);
        await NamesAsync(
            path,
            changes: true,
            image =>
            {
                image.Delete(path);
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> ListAsync(string directory, CancellationToken cancellationToken)
    {
        DiskPath.Check(directory, allowRoot: true);
        return await NamesAsync(directory, changes: false, image => image.List(directory), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask CreateDirectoryAsync(string directory, CancellationToken cancellationToken)
    {
        DiskPath.Check(directory, allowRoot: true);
        await NamesAsync(
            directory,
            changes: true,
            image =>
            {
                image.CreateDirectory(directory);
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask FlushDirectoryAsync(string directory, CancellationToken cancellationToken)
    {
        DiskPath.Check(directory, allowRoot: true);
        cancellationToken.ThrowIfCancellationRequested();
        await disk.BeginAsync(process, new FlushDirectoryOperation(disk, directory), disk.Faults.Flush);
    }

    private async ValueTask<T> NamesAsync<T>(string path, bool changes, Func<DiskImage, T> apply, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!changes)
        {
            disk.CheckStopIsHeard(path, cancellationToken);
        }

        T answer = await disk.BeginAsync(process, new NameOperation<T>(disk, path, changes, apply), disk.Faults.Metadata);
        disk.Emit(TraceKind.File, changes ? 1 : 0, 0, path);
        return answer;
    }
}
