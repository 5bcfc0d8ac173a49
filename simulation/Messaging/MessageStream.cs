// The bytes between two simulated sockets. Greeting: magic u32, pattern u8, length of the identity u8, identity. Item: kind u8, number of frames u8, length of
// each frame u32, frames. Only the simulator speaks it. An item is handed out when its last byte has arrived: that is what makes messages whole.

using System.Buffers;
using System.Buffers.Binary;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Network;

namespace SimGraph.Simulation.Messaging;

/// <summary>Reads and writes greetings and items on a connection. One reader and one writer.</summary>
internal sealed class MessageStream(IConnection connection, int frameBytesMax)
{
    private const uint Magic = 0x4D51_4753;
    private const int GreetingHeadBytes = 6;
    private const int ItemHeadBytes = 2;
    private readonly ArrayBufferWriter<byte> _unsent = new();
    private byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>Bytes that were added and not yet sent.</summary>
    public int UnsentBytes => _unsent.WrittenCount;

    public void AddGreeting(MessageSocketKind kind, ReadOnlySpan<byte> identity)
    {
        Span<byte> head = _unsent.GetSpan(GreetingHeadBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(head, Magic);
        head[4] = (byte)kind;
        head[5] = (byte)identity.Length;
        _unsent.Advance(GreetingHeadBytes);
        _unsent.Write(identity);
    }

    public void Add(MessageItem item)
    {
        int headBytes = ItemHeadBytes + (sizeof(uint) * item.Content.Count);
        Span<byte> head = _unsent.GetSpan(headBytes);
        head[0] = (byte)item.Kind;
        head[1] = (byte)item.Content.Count;
        for (int i = 0; i < item.Content.Count; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(head[(ItemHeadBytes + (sizeof(uint) * i))..], (uint)item.Content[i].Length);
        }

        _unsent.Advance(headBytes);
        for (int i = 0; i < item.Content.Count; i++)
        {
            _unsent.Write(item.Content[i].Span);
        }
    }

    /// <exception cref="NetworkException">The connection is broken.</exception>
    public async Task SendAsync(CancellationToken cancellationToken)
    {
        await connection.WriteAsync(_unsent.WrittenMemory, cancellationToken);
        _unsent.ResetWrittenCount();
    }

    /// <summary>The peer's pattern and identity; null when it is no such socket, or left.</summary>
    public async Task<(MessageSocketKind Kind, byte[] Identity)?> ReadGreetingAsync(CancellationToken cancellationToken)
    {
        if (!await FillAsync(GreetingHeadBytes, cancellationToken)
            || BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start)) != Magic)
        {
            return null;
        }

        var kind = (MessageSocketKind)_buffer[_start + 4];
        int length = _buffer[_start + 5];
        if (!await FillAsync(GreetingHeadBytes + length, cancellationToken))
        {
            return null;
        }

        byte[] identity = _buffer.AsSpan(_start + GreetingHeadBytes, length).ToArray();
        _start += GreetingHeadBytes + length;
        return (kind, identity);
    }

    /// <summary>The next item; null when the peer left.</summary>
    /// <exception cref="FormatException">A frame is too large, or it is no item.</exception>
    /// <exception cref="NetworkException">The connection is broken.</exception>
    public async Task<MessageItem?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!await FillAsync(ItemHeadBytes, cancellationToken))
        {
            return null;
        }

        int count = _buffer[_start + 1];
        int headBytes = ItemHeadBytes + (sizeof(uint) * count);
        if (count is < 1 or > Message.FramesMax || !await FillAsync(headBytes, cancellationToken))
        {
            return null;
        }

        int total = headBytes;
        for (int i = 0; i < count; i++)
        {
            uint length = LengthOf(i);
            if (length > frameBytesMax)
            {
                throw new FormatException($"a frame of {length} bytes; at most {frameBytesMax} are allowed");
            }

            total = checked(total + (int)length);
        }

        return await FillAsync(total, cancellationToken) ? Take(count, headBytes) : null;
    }

    private MessageItem Take(int count, int headBytes)
    {
        var frames = new ReadOnlyMemory<byte>[count];
        int at = _start + headBytes;
        for (int i = 0; i < count; i++)
        {
            int length = (int)LengthOf(i);
            frames[i] = _buffer.AsSpan(at, length).ToArray();
            at += length;
        }

        var kind = (MessageItemKind)_buffer[_start];
        _start = at;
        return new MessageItem(kind, new Message(frames));
    }

    private uint LengthOf(int frame) =>
        BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start + ItemHeadBytes + (sizeof(uint) * frame)));

    /// <summary>Reads until so many bytes are there. False when the stream ends before.</summary>
    private async Task<bool> FillAsync(int count, CancellationToken cancellationToken)
    {
        while (_end - _start < count)
        {
            MakeRoom(count);
            int read = await connection.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                return false;
            }

            _end += read;
        }

        return true;
    }

    private void MakeRoom(int count)
    {
        if (_buffer.Length - _start >= count && _end < _buffer.Length)
        {
            return;
        }

        byte[] target = _buffer.Length >= count ? _buffer : new byte[Math.Max(count, _buffer.Length * 2)];
        _buffer.AsSpan(_start, _end - _start).CopyTo(target);
        _buffer = target;
        _end -= _start;
        _start = 0;
    }
}
