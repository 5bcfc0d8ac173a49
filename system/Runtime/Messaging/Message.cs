namespace SimGraph.Runtime.Messaging;

/// <summary>A message of one or more frames; it arrives whole or not at all. The bytes must not change once it was given to a socket.</summary>
public sealed class Message
{
    /// <summary>Most frames of a message.</summary>
    public const int FramesMax = 64;

    private readonly ReadOnlyMemory<byte>[] _frames;

    /// <param name="frames">1 to <see cref="FramesMax"/> of them; a frame may be empty.</param>
    /// <exception cref="ArgumentException">None, or too many.</exception>
    public Message(params ReadOnlyMemory<byte>[] frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        if (frames.Length is < 1 or > FramesMax)
        {
            throw new ArgumentException($"a message has 1 to {FramesMax} frames, not {frames.Length}", nameof(frames));
        }

        _frames = frames;
        foreach (ReadOnlyMemory<byte> frame in frames)
        {
            Length += frame.Length;
        }
    }

    /// <summary>Number of frames.</summary>
    public int Count => _frames.Length;

    /// <summary>Bytes of all frames.</summary>
    public long Length { get; }

    /// <summary>A frame.</summary>
    public ReadOnlyMemory<byte> this[int index] => _frames[index];

    /// <summary>The same message with a frame in front, as a router hands it out.</summary>
    public Message Prepend(ReadOnlyMemory<byte> frame) => new([frame, .. _frames]);

    /// <summary>The same message without its first frame, as a router sends it on.</summary>
    /// <exception cref="ArgumentException">There is no other frame.</exception>
    public Message WithoutFirst() => new(_frames[1..]);
}
