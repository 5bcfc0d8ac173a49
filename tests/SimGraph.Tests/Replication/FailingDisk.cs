using SimGraph.Runtime.Disk;

namespace SimGraph.Tests.Replication;

/// <summary>A disk whose flushes fail from a moment on.</summary>
internal sealed class FailingDisk(IDisk disk) : IDisk
{
    private volatile bool _failing;

    public void Fail() => _failing = true;

    public async ValueTask<IFile> OpenAsync(string path, FileOpenMode mode, CancellationToken cancellationToken) =>
        new FailingFile(this, await disk.OpenAsync(path, mode, cancellationToken));

    public ValueTask<bool> ExistsAsync(string path, CancellationToken cancellationToken) => disk.ExistsAsync(path, cancellationToken);

    public ValueTask RenameAsync(string source, string target, CancellationToken cancellationToken) => disk.RenameAsync(source, target, cancellationToken);

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken) => disk.DeleteAsync(path, cancellationToken);

    public ValueTask<IReadOnlyList<string>> ListAsync(string directory, CancellationToken cancellationToken) => disk.ListAsync(directory, cancellationToken);

    public ValueTask CreateDirectoryAsync(string directory, CancellationToken cancellationToken) => disk.CreateDirectoryAsync(directory, cancellationToken);

    public ValueTask FlushDirectoryAsync(string directory, CancellationToken cancellationToken) => disk.FlushDirectoryAsync(directory, cancellationToken);

    private sealed class FailingFile(FailingDisk owner, IFile file) : IFile
    {
        public string Path => file.Path;

        public long Length => file.Length;

        public ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken) => file.ReadAsync(offset, buffer, cancellationToken);

        public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken) => file.WriteAsync(offset, buffer, cancellationToken);

        public ValueTask SetLengthAsync(long length, CancellationToken cancellationToken) => file.SetLengthAsync(length, cancellationToken);

        public ValueTask FlushAsync(CancellationToken cancellationToken) => owner._failing
            ? ValueTask.FromException(new DiskException(DiskError.InputOutput, file.Path, "the flush failed"))
            : file.FlushAsync(cancellationToken);

        public ValueTask DisposeAsync() => file.DisposeAsync();
    }
}
