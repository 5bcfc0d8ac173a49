// The segment that is being appended to. Batches go into zeros that were written ahead: ext4 and its like then flush the data alone, where a growing
// file, or one that is only long (sparse), makes them commit their journal for each batch. So everything is written twice, but in steps of many batches,
// and bandwidth is cheaper than a commit; a very large batch pays for its own. Where there is no room for zeros there are none.

using SimGraph.Runtime;
using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Log;

/// <summary>Appends to one segment. One caller at a time. Any failure leaves unknown what is durable: do not go on.</summary>
internal sealed class SegmentWriter : IAsyncDisposable
{
    private const int BatchesAhead = 16;
    private const int AheadBytesMax = 4 << 20;
    private static readonly ReadOnlyMemory<byte> Zeros = new byte[64 << 10];
    private readonly IFile _file;
    private readonly SegmentHeader _header;
    private readonly long _segmentBytesMax;
    private int _preallocatedBytes;
    private long _fileBytes;

    private SegmentWriter(IFile file, WriteAheadLogOptions options, SegmentHeader header, long length, long fileBytes)
    {
        _file = file;
        _segmentBytesMax = options.SegmentBytesMax;
        _preallocatedBytes = header.Flags.HasFlag(SegmentFlags.Preallocated) ? options.PreallocatedBytes : 0;
        _fileBytes = fileBytes;
        _header = header;
        Length = length;
        Seed = RecordHeader.SeedOf(header.Sequence);
    }

    public uint Version => _header.Version;

    public ulong Sequence => _header.Sequence;

    /// <summary>Seed of its records' checksums.</summary>
    public uint Seed { get; }

    /// <summary>Where the next batch begins.</summary>
    public long Length { get; private set; }

    /// <summary>False while it holds nothing but its head.</summary>
    public bool HasBatches { get; private set; }

    public string Path => _file.Path;

    /// <summary>Takes over a file that recovery found whole and made durable, and behind whose last record there are at most zeros.</summary>
    public static SegmentWriter Resume(IFile file, WriteAheadLogOptions options, SegmentScan scan, long fileBytes) =>
        new(file, options, scan.Header, scan.GoodBytes, fileBytes) { HasBatches = scan.LastBatchStart > 0 };

    /// <summary>Creates a segment with the given head, durable with its name when the call returns.</summary>
    public static async Task<SegmentWriter> CreateAsync(
        IDisk disk, WriteAheadLogOptions options, ulong sequence, ReadOnlyMemory<byte> head, CancellationToken cancellationToken)
    {
        string path = DiskPath.Join(options.Directory, SegmentName.Of(sequence));
        SegmentWriter segment = await WriteHeadAsync(disk, options, path, sequence, head, cancellationToken);
        try
        {
            await disk.FlushDirectoryAsync(options.Directory, cancellationToken);
            return segment;
        }
        catch
        {
            await segment.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Puts a new file in the place of a segment that holds nothing but its head, durable with its name when the call returns. At every moment the one or
    /// the other is there.
    /// </summary>
    public static async Task<SegmentWriter> RenewAsync(
        IDisk disk, WriteAheadLogOptions options, ulong sequence, ReadOnlyMemory<byte> head, CancellationToken cancellationToken)
    {
        string path = DiskPath.Join(options.Directory, SegmentName.Of(sequence));
        string temporary = DiskPath.Join(options.Directory, SegmentName.Temporary);
        if (await disk.ExistsAsync(temporary, cancellationToken))
        {
            await disk.DeleteAsync(temporary, cancellationToken);
        }

        SegmentWriter written = await WriteHeadAsync(disk, options, temporary, sequence, head, cancellationToken);
        await written.DisposeAsync();
        await disk.RenameAsync(temporary, path, cancellationToken);
        await disk.FlushDirectoryAsync(options.Directory, cancellationToken);
        IFile file = await disk.OpenAsync(path, FileOpenMode.Existing, cancellationToken);
        return new SegmentWriter(file, options, written._header, head.Length, written._fileBytes) { _preallocatedBytes = written._preallocatedBytes };
    }

    /// <summary>Writes a batch that was encoded for offset <see cref="Length"/> and makes it durable.</summary>
    public async Task AppendAsync(ReadOnlyMemory<byte> batch)
    {
        Invariant.Check(!batch.IsEmpty, "a batch that is written has records");
        long end = Length + batch.Length;
        if (end > _fileBytes)
        {
            _fileBytes = end;
            long ahead = Math.Max(_preallocatedBytes, (long)batch.Length * BatchesAhead);
            if (_preallocatedBytes > 0 && ahead <= AheadBytesMax)
            {
                await PreallocateAsync(end, ahead, CancellationToken.None);
            }
        }

        await _file.WriteDurablyAsync(Length, batch, CancellationToken.None);
        Length = end;
        HasBatches = true;
    }

    /// <summary>Cuts off what was preallocated, durably: the next segment says how long this one is.</summary>
    public async Task SealAsync()
    {
        if (_fileBytes > Length)
        {
            await _file.SetLengthAsync(Length, CancellationToken.None);
            await _file.FlushAsync(CancellationToken.None);
            _fileBytes = Length;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _file.DisposeAsync();

    /// <summary>Creates a file that holds a segment's head, durable but for its name.</summary>
    private static async Task<SegmentWriter> WriteHeadAsync(
        IDisk disk, WriteAheadLogOptions options, string path, ulong sequence, ReadOnlyMemory<byte> head, CancellationToken cancellationToken)
    {
        Invariant.Check(SegmentHeader.TryRead(head.Span, out SegmentHeader header) && header.Sequence == sequence, "a head names its segment");
        IFile file = await disk.OpenAsync(path, FileOpenMode.CreateNew, cancellationToken);
        try
        {
            var segment = new SegmentWriter(file, options, header, head.Length, head.Length);
            await file.WriteAsync(0, head, cancellationToken);
            await segment.PreallocateAsync(head.Length, segment._preallocatedBytes, cancellationToken);
            await file.FlushAsync(cancellationToken);
            return segment;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private async ValueTask PreallocateAsync(long from, long bytes, CancellationToken cancellationToken)
    {
        long to = Math.Min(from + bytes, _segmentBytesMax);
        try
        {
            while (from < to)
            {
                ReadOnlyMemory<byte> part = Zeros[..(int)Math.Min(Zeros.Length, to - from)];

                // Before the call: also a write that fails may have made the file longer.
                _fileBytes = from + part.Length;
                await _file.WriteAsync(from, part, cancellationToken);
                from = _fileBytes;
            }
        }
        catch (DiskException exception) when (exception.Error == DiskError.Full)
        {
            // Nobody needs the zeros. Whether there is room for the batch is the batch's to find out.
            _preallocatedBytes = 0;
        }
    }
}
