using SimGraph.Runtime;
using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Log;

/// <summary>The segment that is being appended to. One caller at a time. Any failure leaves unknown what is durable: do not go on.</summary>
internal sealed class SegmentWriter : IAsyncDisposable
{
    private readonly IFile _file;

    private SegmentWriter(IFile file, ulong sequence, long length, bool hasBatches)
    {
        _file = file;
        Sequence = sequence;
        Length = length;
        HasBatches = hasBatches;
        Seed = RecordHeader.SeedOf(sequence);
    }

    public ulong Sequence { get; }

    /// <summary>Seed of its records' checksums.</summary>
    public uint Seed { get; }

    /// <summary>Where the next batch begins.</summary>
    public long Length { get; private set; }

    /// <summary>False while it holds nothing but its head.</summary>
    public bool HasBatches { get; private set; }

    public string Path => _file.Path;

    /// <summary>Takes over a file whose bytes up to <paramref name="length"/> are whole and durable, and which ends there.</summary>
    public static SegmentWriter Resume(IFile file, ulong sequence, long length, bool hasBatches) => new(file, sequence, length, hasBatches);

    /// <summary>Creates a segment with the given head, durable with its name when the call returns.</summary>
    public static async Task<SegmentWriter> CreateAsync(
        IDisk disk, string directory, ulong sequence, ReadOnlyMemory<byte> head, CancellationToken cancellationToken)
    {
        IFile file = await disk.OpenAsync(DiskPath.Join(directory, SegmentName.Of(sequence)), FileOpenMode.CreateNew, cancellationToken);
        try
        {
            await file.WriteAsync(0, head, cancellationToken);
            await file.FlushAsync(cancellationToken);
            await disk.FlushDirectoryAsync(directory, cancellationToken);
            return new SegmentWriter(file, sequence, head.Length, hasBatches: false);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes a batch that was encoded for offset <see cref="Length"/> and makes it durable.</summary>
    public async Task AppendAsync(ReadOnlyMemory<byte> batch)
    {
        Invariant.Check(!batch.IsEmpty, "a batch that is written has records");
        await _file.WriteAsync(Length, batch, CancellationToken.None);
        await _file.FlushAsync(CancellationToken.None);
        Length += batch.Length;
        HasBatches = true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _file.DisposeAsync();
}
