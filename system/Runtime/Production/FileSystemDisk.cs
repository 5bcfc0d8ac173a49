// The production side of the disk seam: real files below one folder. Every call that can block runs on the thread pool; fsync is never skipped,
// neither for files nor for folders. Durability follows POSIX practice (Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014): bytes
// are durable after fsync of the file, names after fsync of the folder. Nothing is retried: a failed fsync has dropped the dirty pages already
// (Rebello et al., "Can Applications Recover from fsync Failures?", ATC 2020).

using SimGraph.Runtime.Disk;

namespace SimGraph.Runtime.Production;

/// <summary>Files below a folder of the operating system.</summary>
public sealed class FileSystemDisk : IDisk
{
    private readonly string _root;

    /// <summary>Opens the disk, creating the folder durably if it does not exist.</summary>
    /// <param name="rootDirectory">Absolute, or relative to the current folder. One process at a time uses it.</param>
    /// <exception cref="DiskException">The folder cannot be created.</exception>
    public FileSystemDisk(string rootDirectory)
    {
        ArgumentException.ThrowIfNullOrEmpty(rootDirectory);
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(rootDirectory));
        try
        {
            CreateDurably(_root);
        }
        catch (Exception failure) when (FileSystemFailure.IsExpected(failure))
        {
            throw FileSystemFailure.Translate(failure, _root, "the disk's root folder could not be created");
        }
    }

    /// <summary>The folder, absolute.</summary>
    public string RootDirectory => _root;

    /// <inheritdoc/>
    public async ValueTask<IFile> OpenAsync(string path, FileOpenMode mode, CancellationToken cancellationToken)
    {
        DiskPath.Check(path);
        return await Task.Run(() => Open(path, mode), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ExistsAsync(string path, CancellationToken cancellationToken)
    {
        DiskPath.Check(path);
        return await Task.Run(() => File.Exists(FullPath(path)), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask RenameAsync(string source, string target, CancellationToken cancellationToken)
    {
        DiskPath.Check(source);
        DiskPath.Check(target);
        await Task.Run(() => Rename(source, target), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string path, CancellationToken cancellationToken)
    {
        DiskPath.Check(path);
        await Task.Run(() => Delete(path), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> ListAsync(string directory, CancellationToken cancellationToken)
    {
        DiskPath.Check(directory, allowRoot: true);
        return await Task.Run(() => List(directory), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask CreateDirectoryAsync(string directory, CancellationToken cancellationToken)
    {
        DiskPath.Check(directory, allowRoot: true);
        await Task.Run(() => CreateDirectory(directory), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask FlushDirectoryAsync(string directory, CancellationToken cancellationToken)
    {
        DiskPath.Check(directory, allowRoot: true);
        await Task.Run(() => FlushDirectory(directory), cancellationToken);
    }

    private string FullPath(string path) => Path.Join(_root, path.Replace('/', Path.DirectorySeparatorChar));

    private FileSystemFile Open(string path, FileOpenMode mode)
    {
        string full = FullPath(path);
        FileMode systemMode = mode switch
        {
            FileOpenMode.Existing => FileMode.Open,
            FileOpenMode.CreateNew => FileMode.CreateNew,
            FileOpenMode.OpenOrCreate => FileMode.OpenOrCreate,
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "unknown open mode"),
        };
        try
        {
            // Shared with everybody, deletion included: an open file survives its rename and its deletion, and several handles may be open.
            return new FileSystemFile(path, File.OpenHandle(
                full, systemMode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous));
        }
        catch (Exception failure) when (FileSystemFailure.IsExpected(failure))
        {
            if (Directory.Exists(full))
            {
                throw mode == FileOpenMode.Existing
                    ? new DiskException(DiskError.NotFound, path, "there is no such file, but a folder of that name", failure)
                    : new DiskException(DiskError.AlreadyExists, path, "a folder of that name exists", failure);
            }

            // The system does not say by a type of its own that the file exists.
            if (mode == FileOpenMode.CreateNew && File.Exists(full))
            {
                throw new DiskException(DiskError.AlreadyExists, path, "the file exists already", failure);
            }

            throw FileSystemFailure.Translate(failure, path, "the file could not be opened");
        }
    }

    private void Rename(string source, string target)
    {
        string fullTarget = FullPath(target);
        try
        {
            File.Move(FullPath(source), fullTarget, overwrite: true);
        }
        catch (Exception failure) when (FileSystemFailure.IsExpected(failure))
        {
            if (failure is not FileNotFoundException && Directory.Exists(fullTarget))
            {
                throw new DiskException(DiskError.AlreadyExists, target, "a folder of that name exists", failure);
            }

            throw FileSystemFailure.Translate(failure, source, $"the file could not be renamed to {target}");
        }
    }

    private void Delete(string path)
    {
        string full = FullPath(path);
        try
        {
            File.Delete(full);
        }
        catch (DirectoryNotFoundException)
        {
            // No folder, so no file: what was asked for holds.
        }
        catch (Exception failure) when (FileSystemFailure.IsExpected(failure))
        {
            if (!Directory.Exists(full))
            {
                throw FileSystemFailure.Translate(failure, path, "the file could not be deleted");
            }
        }
    }

    private List<string> List(string directory)
    {
        var names = new List<string>();
        string full = FullPath(directory);
        try
        {
            if (Directory.Exists(full))
            {
                foreach (string file in Directory.EnumerateFiles(full))
                {
                    names.Add(Path.GetFileName(file));
                }
            }
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception failure) when (FileSystemFailure.IsExpected(failure))
        {
            throw FileSystemFailure.Translate(failure, directory, "the folder could not be listed");
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private void CreateDirectory(string directory)
    {
        string full = _root;
        string path = string.Empty;
        try
        {
            CreateDurably(_root);
            foreach (string name in directory.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                string parent = full;
                full = Path.Join(full, name);
                path = DiskPath.Join(path, name);
                if (File.Exists(full))
                {
                    throw new DiskException(DiskError.AlreadyExists, path, "the folder cannot be created: a file of that name exists");
                }

                Directory.CreateDirectory(full);

                // Also when the folder was there: whoever created it may have died before its name was durable.
                DirectoryFlush.Flush(parent);
            }
        }
        catch (Exception failure) when (FileSystemFailure.IsExpected(failure))
        {
            throw FileSystemFailure.Translate(failure, path, "the folder could not be created durably");
        }
    }

    private void FlushDirectory(string directory)
    {
        string full = FullPath(directory);
        if (!Directory.Exists(full))
        {
            throw new DiskException(DiskError.NotFound, directory, "there is no such folder to flush");
        }

        try
        {
            DirectoryFlush.Flush(full);
        }
        catch (Exception failure) when (FileSystemFailure.IsExpected(failure))
        {
            throw FileSystemFailure.Translate(failure, directory, "the folder could not be flushed: what is durable is unknown");
        }
    }

    private static void CreateDurably(string full)
    {
        if (Directory.Exists(full))
        {
            return;
        }

        string? parent = Path.GetDirectoryName(full);
        if (parent is not null)
        {
            CreateDurably(parent);
        }

        Directory.CreateDirectory(full);
        if (parent is not null)
        {
            DirectoryFlush.Flush(parent);
        }
    }
}
