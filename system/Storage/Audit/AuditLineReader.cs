using SimGraph.Runtime;

namespace SimGraph.Storage.Audit;

/// <summary>Cuts the bytes of a file into lines. Owns the bytes. One caller; ends for good at damage.</summary>
internal sealed class AuditLineReader(AuditBytes bytes) : IAsyncDisposable
{
    private byte[] _buffer = new byte[4 << 10];
    private int _start;
    private int _end;
    private bool _drained;

    public string Path => bytes.Path;

    /// <summary>The line without its end; valid until the next move.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Number of the line in the file, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Where the line begins in the plain bytes.</summary>
    public long Offset { get; private set; }

    /// <summary>Where the next line begins.</summary>
    public long NextOffset { get; private set; }

    /// <summary>Why the line cannot be read; null if it is whole.</summary>
    public string? Damage { get; private set; }

    /// <summary>Goes to the next line. False at the end of the file.</summary>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        if (Damage is not null)
        {
            return false;
        }

        int searched = 0;
        Number++;
        Offset = NextOffset;
        while (true)
        {
            int length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (length >= 0 && searched + length < AuditFormat.LineBytesMax)
            {
                Line = _buffer.AsMemory(_start, searched + length);
                _start += searched + length + 1;
                NextOffset = Offset + searched + length + 1;
                return true;
            }

            searched = _end - _start;
            if (searched >= AuditFormat.LineBytesMax)
            {
                return Fail($"it is longer than {AuditFormat.LineBytesMax} bytes");
            }

            if (_drained)
            {
                return searched > 0 && Fail("it does not end");
            }

            ReadOnlyMemory<byte> block = await bytes.ReadAsync(cancellationToken);
            if (bytes.Damage is { } damage)
            {
                return Fail(damage);
            }

            _drained = block.IsEmpty;
            Keep(block.Span);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await bytes.DisposeAsync();

    private bool Fail(string damage)
    {
        Damage = damage;
        Line = _buffer.AsMemory(_start, _end - _start);
        return true;
    }

    private void Keep(ReadOnlySpan<byte> block)
    {
        int kept = _end - _start;
        Invariant.Check(kept + block.Length <= AuditFormat.LineBytesMax + AuditBytes.BlockBytesMax, "no more than a line and a block is held");
        byte[] target = kept + block.Length <= _buffer.Length ? _buffer : new byte[Math.Max(kept + block.Length, _buffer.Length * 2)];
        _buffer.AsSpan(_start, kept).CopyTo(target);
        block.CopyTo(target.AsSpan(kept));
        _buffer = target;
        _start = 0;
        _end = kept + block.Length;
    }
}
