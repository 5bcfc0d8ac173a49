namespace SimGraph.Storage.Graph;

/// <summary>Splits a stream into lines of bounded length. Not thread-safe.</summary>
internal sealed class JsonLineReader(Stream source)
{
    /// <summary>A node has at most 1 MiB of properties, and JSON takes at most six bytes for one of text, somewhat more for a small number.</summary>
    public const int LineBytesMax = 16 * 1024 * 1024;

    private const int BufferBytes = 64 * 1024;
    private const byte LineFeed = (byte)'\n';

    private byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;
    private bool _isOver;

    /// <summary>Number of the line that was read last.</summary>
    public long Line { get; private set; }

    /// <summary>The next line without its end, valid until the next call; null behind the last.</summary>
    /// <exception cref="GraphImportException">The line is too long, or the last one has no end.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellation)
    {
        int searched = 0;
        Line++;
        while (true)
        {
            int at = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf(LineFeed);
            if (at >= 0)
            {
                ReadOnlyMemory<byte> line = _buffer.AsMemory(_start, searched + at);
                _start += searched + at + 1;
                return line;
            }

            searched = _end - _start;
            if (_isOver)
            {
                return searched == 0 ? null : throw new GraphImportException(Line, "the file ends within the line");
            }

            await FillAsync(cancellation);
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        if (_end - _start > LineBytesMax)
        {
            throw new GraphImportException(Line, $"the line has more than {LineBytesMax} bytes");
        }

        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read = await source.ReadAsync(_buffer.AsMemory(_end), cancellation);
        _end += read;
        _isOver = read == 0;
    }
}
