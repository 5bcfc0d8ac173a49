using SimGraph.Runtime.Disk;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Disk;

/// <summary>An open file of a simulated process. It dies with the process.</summary>
internal sealed class SimulatedFile : IFile
{
    private readonly SimulatedDisk _disk;
    private readonly Incarnation _process;
    private readonly DiskInode _inode;
    private LedgerEntry? _entry;

    internal SimulatedFile(SimulatedDisk disk, Incarnation process, DiskInode inode, string path)
    {
        _disk = disk;
        _process = process;
        _inode = inode;
        Path = path;
        _entry = process.Ledger.Add(LedgerKind.FileHandle, path);
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public long Length
    {
        get
        {
            ThrowIfDisposed();
            return _inode.Visible.Length;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        Enter(cancellationToken);
        _disk.CheckStopIsHeard(Path, cancellationToken);
        return await _disk.BeginAsync(_process, new ReadOperation(_disk, _inode, Path, offset, buffer), _disk.Faults.Read);
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        Enter(cancellationToken);
        await _disk.BeginAsync(_process, new WriteOperation(_disk, _inode, Path, offset, buffer), _disk.Faults.Write);
    }

    /// <inheritdoc/>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        Enter(cancellationToken);
        await _disk.BeginAsync(_process, new FlushOperation(_disk, _inode, Path), _disk.Faults.Flush);
    }

    /// <inheritdoc/>
    public async ValueTask SetLengthAsync(long length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Enter(cancellationToken);
        await _disk.BeginAsync(_process, new SetLengthOperation(_disk, _inode, Path, length), _disk.Faults.Write);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (_entry is not null && _process.IsAlive)
        {
            _process.Ledger.Remove(_entry);
            _disk.Image.Close(_inode);
        }

        _entry = null;
        return ValueTask.CompletedTask;
    }

    // Like the real side, a call in flight holds the file open: it ends first, whatever becomes of the handle.
    private void Enter(CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        cancellationToken.ThrowIfCancellationRequested();
        _inode.Opens++;
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_entry is null, this);
}
