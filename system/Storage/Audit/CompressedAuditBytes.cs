using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Audit;

/// <summary>A compressed file; a block is the content of a gzip member.</summary>
internal sealed class CompressedAuditBytes(IFile file) : AuditBytes(file)
{
    private byte[] _member = new byte[GzipMember.HeaderBytes];
    private long _at;

    public override async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Damage is not null || _at >= File.Length)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        int count = await File.ReadAsync(_at, _member.AsMemory(0, GzipMember.HeaderBytes), cancellationToken);
        if (!GzipMember.TryReadLength(_member.AsSpan(0, count), out int length))
        {
            Damage = $"no compressed bytes of this log begin at offset {_at} of the compressed file";
            return ReadOnlyMemory<byte>.Empty;
        }

        _member = length <= _member.Length ? _member : new byte[Math.Min(length * 2, GzipMember.MemberBytesMax)];
        count = await File.ReadAsync(_at, _member.AsMemory(0, length), cancellationToken);
        if (count < length)
        {
            Damage = "the compressed file ends early";
            return ReadOnlyMemory<byte>.Empty;
        }

        if (GzipMember.TryDecode(_member.AsSpan(0, length), out byte[] plain) is { } reason)
        {
            Damage = $"{reason} (offset {_at} of the compressed file)";
            return ReadOnlyMemory<byte>.Empty;
        }

        _at += length;
        return plain;
    }
}
