// Cuts a byte stream into frames. Fault model: the stream may end or fail anywhere, deliver any number of bytes at a time, and hold garbage. Memory
// grows with bytes that did arrive, never with a length that a frame claims.

using System.Buffers.Binary;
using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Wire;

/// <summary>Reads frames from a connection; one read may bring several. Not thread-safe.</summary>
internal sealed class FrameReader
{
    private const int InitialCapacity = 4096;
    private const int RetainedCapacityMax = 256 * 1024;

    private readonly IConnection _connection;
    private byte[] _buffer = new byte[InitialCapacity];
    private int _start;
    private int _end;

    public FrameReader(IConnection connection, int payloadMax)
    {
        _connection = connection;
        PayloadMax = payloadMax;
    }

    /// <summary>Largest payload accepted from here on.</summary>
    public int PayloadMax { get; set; }

    /// <summary>Takes the next frame, if it is here as a whole. The payload is valid until the next <see cref="FillAsync"/>.</summary>
    /// <exception cref="ProtocolException">Too long, or the checksum does not match.</exception>
    public bool TryRead(out FrameKind kind, out ReadOnlyMemory<byte> payload)
    {
        kind = default;
        payload = default;
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(_start, _end - _start);
        if (bytes.Length < sizeof(uint))
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (length > (uint)PayloadMax)
        {
            throw new ProtocolException(
                $"{_connection.RemoteAddress} sent a frame of {length} bytes; at most {PayloadMax} are allowed here: wrong protocol or damaged stream");
        }

        int bodyLength = FrameFormat.HeaderLength + (int)length;
        if (bytes.Length < bodyLength + FrameFormat.TrailerLength)
        {
            return false;
        }

        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(bytes[bodyLength..]);
        if (FrameFormat.Checksum(bytes[..bodyLength]) != expected)
        {
            throw new ProtocolException($"{_connection.RemoteAddress} sent a frame of {length} bytes whose checksum does not match: damaged stream");
        }

        kind = (FrameKind)bytes[FrameFormat.HeaderLength - 1];
        payload = _buffer.AsMemory(_start + FrameFormat.HeaderLength, (int)length);
        _start += bodyLength + FrameFormat.TrailerLength;
        return true;
    }

    /// <summary>Waits for more bytes. False when the peer has ended its side between two frames.</summary>
    /// <exception cref="ProtocolException">The stream ended inside a frame.</exception>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        MakeRoom();
        int count = await _connection.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        if (count > 0)
        {
            _end += count;
            return true;
        }

        if (_start != _end)
        {
            throw new ProtocolException($"{_connection.RemoteAddress} ended its stream inside a frame, {_end - _start} bytes into it");
        }

        return false;
    }

    private void MakeRoom()
    {
        int held = _end - _start;
        if (held == 0 && _buffer.Length > RetainedCapacityMax)
        {
            _buffer = new byte[InitialCapacity];
        }
        else if (held == _buffer.Length)
        {
            int capacityMax = PayloadMax + FrameFormat.Overhead;
            byte[] larger = new byte[Math.Max(Math.Min(_buffer.Length * 2, capacityMax), _buffer.Length + 1)];
            _buffer.AsSpan(_start, held).CopyTo(larger);
            _buffer = larger;
        }
        else if (_start > 0)
        {
            _buffer.AsSpan(_start, held).CopyTo(_buffer);
        }

        _start = 0;
        _end = held;
    }
}
