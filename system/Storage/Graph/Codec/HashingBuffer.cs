using System.Buffers;
using System.IO.Hashing;

namespace SimGraph.Storage.Graph;

/// <summary>Takes bytes and keeps their XxHash3 only, so that a large state is hashed without being held twice.</summary>
public sealed class HashingBuffer : IBufferWriter<byte>
{
    private const int BufferBytes = 16 * 1024;

    private readonly XxHash3 _hash = new();
    private byte[] _buffer = new byte[BufferBytes];

    /// <summary>Hash of everything written so far.</summary>
    public ulong Hash => _hash.GetCurrentHashAsUInt64();

    /// <inheritdoc/>
    public void Advance(int count) => _hash.Append(_buffer.AsSpan(0, count));

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (sizeHint > _buffer.Length)
        {
            _buffer = new byte[sizeHint];
        }

        return _buffer;
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
