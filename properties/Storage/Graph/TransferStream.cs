using SimGraph.Runtime;
using SimGraph.Runtime.Time;

namespace SimGraph.Properties.Storage.Graph;

/// <summary>A file, or whoever sends or receives one: it comes and goes in pieces of any size, and may hang or fail at one of them.</summary>
internal sealed class TransferStream(IPlatform platform, byte[] content) : Stream
{
    private readonly List<byte> _written = [];
    private int _position;
    private int _calls;

    /// <summary>Most bytes of one read.</summary>
    public int PieceBytes { get; init; } = int.MaxValue;

    /// <summary>The call, from 1, that hangs until its token is cancelled; 0 for none.</summary>
    public int HangsAt { get; init; }

    /// <summary>The call, from 1, that fails; 0 for none.</summary>
    public int FailsAt { get; init; }

    /// <summary>What was written.</summary>
    public byte[] Written => [.. _written];

    /// <summary>Longest piece that was written.</summary>
    public int LongestPiece { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await CallAsync(cancellationToken);
        int count = Math.Min(Math.Min(PieceBytes, buffer.Length), content.Length - _position);
        content.AsSpan(_position, count).CopyTo(buffer.Span);
        _position += count;
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await CallAsync(cancellationToken);
        _written.AddRange(buffer.Span);
        LongestPiece = Math.Max(LongestPiece, buffer.Length);
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask CallAsync(CancellationToken cancellationToken)
    {
        _calls++;
        cancellationToken.ThrowIfCancellationRequested();
        if (_calls == HangsAt)
        {
            await platform.Clock.DelayAsync(TimeSpan.FromDays(1), cancellationToken);
        }

        if (_calls == FailsAt)
        {
            throw new IOException("the transfer broke off");
        }
    }
}
