using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Audit;

/// <summary>A file that is not compressed, up to a limit: what lies behind it may be in the middle of being written.</summary>
internal sealed class PlainAuditBytes(IFile file, long bytesMax) : AuditBytes(file)
{
    private readonly byte[] _block = new byte[(int)Math.Clamp(Math.Min(file.Length, bytesMax), 1, BlockBytesMax)];
    private long _at;

    public override async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int wanted = (int)Math.Min(_block.Length, bytesMax - _at);
        int count = wanted <= 0 ? 0 : await File.ReadAsync(_at, _block.AsMemory(0, wanted), cancellationToken);
        _at += count;
        return _block.AsMemory(0, count);
    }
}
