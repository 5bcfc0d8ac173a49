namespace SimGraph.Runtime.Disk;

/// <summary>
/// An open file with positional reads and writes. Concurrent calls are allowed; overlapping writes that run at the same time end in either order.
/// Disposal does not flush; it is idempotent.
/// </summary>
public interface IFile : IAsyncDisposable
{
    /// <summary>The path it was opened with.</summary>
    string Path { get; }

    /// <summary>Length in bytes now.</summary>
    long Length { get; }

    /// <summary>Reads up to <paramref name="buffer"/>.Length bytes at the offset: fewer only at the end of the file, 0 behind it.</summary>
    /// <exception cref="DiskException">The device failed to read.</exception>
    ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Writes all bytes at the offset, growing the file; a gap reads as zeros. Not durable before <see cref="FlushAsync"/>.</summary>
    /// <exception cref="DiskException">The device is full or failed: any part may have been written.</exception>
    ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>
    /// Makes everything written so far durable (fsync), including the length. After a failure any part of it may be lost even though later reads
    /// still show it, and a later flush that succeeds proves nothing: treat the file as poisoned.
    /// </summary>
    /// <exception cref="DiskException">The flush failed.</exception>
    ValueTask FlushAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Writes and flushes: exactly <see cref="WriteAsync"/> and then <see cref="FlushAsync"/>, but a real disk does both without letting go of the thread
    /// in between, which is most of what a single durable write costs beside the device. May block the calling thread.
    /// </summary>
    /// <exception cref="DiskException">The write or the flush failed: any part may have been written, and what is durable is unknown.</exception>
    async ValueTask WriteDurablyAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await WriteAsync(offset, buffer, cancellationToken);
        await FlushAsync(cancellationToken);
    }

    /// <summary>Cuts or extends (with zeros) the file. Not durable before <see cref="FlushAsync"/>.</summary>
    ValueTask SetLengthAsync(long length, CancellationToken cancellationToken);
}
