using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Audit;

/// <summary>The plain bytes of one file of the log, block by block. Owns the handle. One caller.</summary>
internal abstract class AuditBytes(IFile file) : IAsyncDisposable
{
    /// <summary>Most bytes that a block has.</summary>
    public const int BlockBytesMax = GzipMember.PlainBytesMax;

    public string Path => File.Path;

    /// <summary>Why reading ended before the end of the file; null while all is well.</summary>
    public string? Damage { get; protected set; }

    protected IFile File { get; } = file;

    /// <summary>The next block, valid until the next call; empty at the end or at <see cref="Damage"/>.</summary>
    /// <exception cref="DiskException">The disk failed to read.</exception>
    public abstract ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken);

    public static async Task<AuditBytes> OpenAsync(IDisk disk, string path, bool compressed, long bytesMax, CancellationToken cancellationToken)
    {
        IFile file = await disk.OpenAsync(path, FileOpenMode.Existing, cancellationToken);
        return compressed ? new CompressedAuditBytes(file) : new PlainAuditBytes(file, bytesMax);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await File.DisposeAsync();
}
