using SimGraph.Runtime.Disk;

namespace SimGraph.Tests.Storage;

/// <summary>An open file of a <see cref="MemoryDisk"/>.</summary>
internal sealed class MemoryFile(MemoryDisk disk, string path, MemoryInode inode) : IFile
{
    private bool _closed;

    public string Path { get; } = path;

    public long Length => inode.Bytes.Length;

    public ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        return ValueTask.FromResult(disk.Read(Path, inode, offset, buffer));
    }

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        disk.Write(Path, inode, offset, buffer);
        return ValueTask.CompletedTask;
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        return disk.FlushAsync(Path, inode);
    }

    public ValueTask SetLengthAsync(long length, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        disk.SetLength(Path, inode, length);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        if (!_closed)
        {
            _closed = true;
            disk.Closed();
        }

        return ValueTask.CompletedTask;
    }
}
