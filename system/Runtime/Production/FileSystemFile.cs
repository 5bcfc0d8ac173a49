using Microsoft.Win32.SafeHandles;
using SimGraph.Runtime.Disk;

namespace SimGraph.Runtime.Production;

/// <summary>An open file of the operating system, read and written by position.</summary>
/// <remarks>
/// What .NET calls asynchronous file I/O is, on Unix, another thread of the pool that blocks. A caller that is on a thread of the pool already blocks that
/// one instead: as many threads wait, and the two hand-overs, which cost more than reading what the kernel has cached, fall away.
/// </remarks>
internal sealed class FileSystemFile(string path, SafeFileHandle handle) : IFile
{
    /// <inheritdoc/>
    public string Path { get; } = path;

    /// <inheritdoc/>
    public long Length
    {
        get
        {
            ThrowIfDisposed();
            try
            {
                return RandomAccess.GetLength(handle);
            }
            catch (Exception failure) when (FileSystemFailure.IsExpected(failure))
            {
                throw FileSystemFailure.Translate(failure, Path, "the length could not be read");
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ThrowIfDisposed();
        cancellationToken.ThrowIfCancellationRequested();
        int total = 0;
        try
        {
            // One call may return less than asked for (a signal); only nothing at all means the end.
            while (total < buffer.Length)
            {
                int count = MayBlock
                    ? RandomAccess.Read(handle, buffer.Span[total..], offset + total)
                    : await RandomAccess.ReadAsync(handle, buffer[total..], offset + total, cancellationToken);
                if (count == 0)
                {
                    break;
                }

                total += count;
            }
        }
        catch (Exception failure) when (FileSystemFailure.IsExpected(failure))
        {
            throw FileSystemFailure.Translate(failure, Path, $"{buffer.Length} bytes at {offset} could not be read");
        }

        return total;
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ThrowIfDisposed();
        try
        {
            if (MayBlock)
            {
                cancellationToken.ThrowIfCancellationRequested();
                RandomAccess.Write(handle, buffer.Span, offset);
            }
            else
            {
                await RandomAccess.WriteAsync(handle, buffer, offset, cancellationToken);
            }
        }
        catch (Exception failure) when (FileSystemFailure.IsExpected(failure))
        {
            throw FileSystemFailure.Translate(failure, Path, $"{buffer.Length} bytes at {offset} could not be written");
        }
    }

    /// <inheritdoc/>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        try
        {
            // The token ends it only before it began: fsync cannot be cancelled, and an answer before its end would lie.
            await Task.Run(() => RandomAccess.FlushToDisk(handle), cancellationToken);
        }
        catch (Exception failure) when (FileSystemFailure.IsExpected(failure))
        {
            throw FileSystemFailure.Translate(failure, Path, "the flush failed: what was written since the last one may be lost");
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteDurablyAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ThrowIfDisposed();
        cancellationToken.ThrowIfCancellationRequested();
        if (MayBlock)
        {
            WriteDurably(offset, buffer.Span);
        }
        else
        {
            await Task.Run(() => WriteDurably(offset, buffer.Span), cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask SetLengthAsync(long length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ThrowIfDisposed();
        try
        {
            await Task.Run(() => RandomAccess.SetLength(handle, length), cancellationToken);
        }
        catch (Exception failure) when (FileSystemFailure.IsExpected(failure))
        {
            throw FileSystemFailure.Translate(failure, Path, $"the length could not be set to {length}");
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        // The handle counts the calls in flight: they end first.
        handle.Dispose();
        return ValueTask.CompletedTask;
    }

    private static bool MayBlock => Thread.CurrentThread.IsThreadPoolThread;

    private void WriteDurably(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(handle, bytes, offset);
            RandomAccess.FlushToDisk(handle);
        }
        catch (Exception failure) when (FileSystemFailure.IsExpected(failure))
        {
            throw FileSystemFailure.Translate(failure, Path, $"{bytes.Length} bytes at {offset} could not be written durably");
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(handle.IsClosed, this);
}
