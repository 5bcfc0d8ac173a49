namespace SimGraph.Runtime.Disk;

/// <summary>
/// The machine's files below one root. Paths are relative, '/'-separated, without '.' or '..' (<see cref="DiskPath"/> checks). Durability is explicit:
/// a file's bytes and length are durable after <see cref="IFile.FlushAsync"/>; that a name exists, is gone or was renamed is durable after
/// <see cref="FlushDirectoryAsync"/> of its folder. Until then power loss may undo it. Thread-safe.
/// </summary>
public interface IDisk
{
    /// <summary>Opens or creates a file.</summary>
    /// <exception cref="DiskException">Not found, exists already, or the device failed.</exception>
    ValueTask<IFile> OpenAsync(string path, FileOpenMode mode, CancellationToken cancellationToken);

    /// <summary>True if the file exists.</summary>
    ValueTask<bool> ExistsAsync(string path, CancellationToken cancellationToken);

    /// <summary>Renames atomically, replacing the target. Durable after flushing the target's folder (and the source's, if another).</summary>
    ValueTask RenameAsync(string source, string target, CancellationToken cancellationToken);

    /// <summary>Deletes a file; no error if there is none.</summary>
    ValueTask DeleteAsync(string path, CancellationToken cancellationToken);

    /// <summary>Names (not paths) of the files of a folder, in ordinal order. Empty if the folder does not exist.</summary>
    ValueTask<IReadOnlyList<string>> ListAsync(string directory, CancellationToken cancellationToken);

    /// <summary>Creates a folder and those above it; no error if it exists. Durable when the call returns.</summary>
    ValueTask CreateDirectoryAsync(string directory, CancellationToken cancellationToken);

    /// <summary>Makes the names of a folder durable.</summary>
    /// <exception cref="DiskException">The device failed: what is durable is unknown.</exception>
    ValueTask FlushDirectoryAsync(string directory, CancellationToken cancellationToken);
}
