using SimGraph.Runtime.Disk;

namespace SimGraph.Tests.Storage.Lsm;

/// <summary>A disk in memory whose reads of tables or writes of manifests fail, that is full, or whose folder's flush is held up, for as long as it is told.</summary>
internal sealed class FaultyReads : IDisk
{
    private readonly MemoryDisk _inner = new();

    public bool Failing { get; set; }

    public bool Full { get; set; }

    public bool RefusesManifests { get; set; }

    /// <summary>Holds up the flush of a folder, which then ends as this does.</summary>
    public TaskCompletionSource? FolderGate { get; set; }

    /// <summary>Completed when a flush of a folder is held up.</summary>
    public TaskCompletionSource FolderEntered { get; } = MemoryDisk.NewSignal();

    /// <summary>Completed when a file was flushed while a flush of a folder was held up.</summary>
    public TaskCompletionSource FileFlushed { get; } = MemoryDisk.NewSignal();

    public int FolderFlushesHeld { get; private set; }

    public async ValueTask<IFile> OpenAsync(string path, FileOpenMode mode, CancellationToken cancellationToken) =>
        new File(this, await _inner.OpenAsync(path, mode, cancellationToken));

    public ValueTask<bool> ExistsAsync(string path, CancellationToken cancellationToken) => _inner.ExistsAsync(path, cancellationToken);

    public ValueTask RenameAsync(string source, string target, CancellationToken cancellationToken) => _inner.RenameAsync(source, target, cancellationToken);

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken) => _inner.DeleteAsync(path, cancellationToken);

    public ValueTask<IReadOnlyList<string>> ListAsync(string directory, CancellationToken cancellationToken) => _inner.ListAsync(directory, cancellationToken);

    public ValueTask CreateDirectoryAsync(string directory, CancellationToken cancellationToken) => _inner.CreateDirectoryAsync(directory, cancellationToken);

    public async ValueTask FlushDirectoryAsync(string directory, CancellationToken cancellationToken)
    {
        if (FolderGate is { } gate)
        {
            FolderFlushesHeld++;
            FolderEntered.TrySetResult();
            await gate.Task;
        }

        await _inner.FlushDirectoryAsync(directory, cancellationToken);
    }

    private sealed class File(FaultyReads disk, IFile inner) : IFile
    {
        public string Path => inner.Path;

        public long Length => inner.Length;

        public ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
            disk.Failing && Path.EndsWith(".sst", StringComparison.Ordinal)
                ? throw new DiskException(DiskError.InputOutput, Path, "injected failure")
                : inner.ReadAsync(offset, buffer, cancellationToken);

        public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken) =>
            disk.Full ? throw new DiskException(DiskError.Full, Path, "no space is left")
            : disk.RefusesManifests && Path.Contains("MANIFEST", StringComparison.Ordinal) ? throw new DiskException(DiskError.InputOutput, Path, "injected failure")
            : inner.WriteAsync(offset, buffer, cancellationToken);

        public async ValueTask FlushAsync(CancellationToken cancellationToken)
        {
            await inner.FlushAsync(cancellationToken);
            if (disk.FolderEntered.Task.IsCompleted)
            {
                disk.FileFlushed.TrySetResult();
            }
        }

        public ValueTask SetLengthAsync(long length, CancellationToken cancellationToken) => inner.SetLengthAsync(length, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
