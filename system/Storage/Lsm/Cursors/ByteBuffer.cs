namespace SimGraph.Storage.Lsm.Cursors;

/// <summary>A copy of some bytes in an array that is used again.</summary>
internal sealed class ByteBuffer
{
    private byte[] _bytes = [];
    private int _length;

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _length);

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, _length);

    public void Set(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length < bytes.Length)
        {
            _bytes = new byte[Math.Max(64, bytes.Length + (bytes.Length / 2))];
        }

        bytes.CopyTo(_bytes);
        _length = bytes.Length;
    }
}
