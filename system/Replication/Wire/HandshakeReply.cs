using System.Text;

namespace SimGraph.Replication.Wire;

/// <summary>What the accepting side answers to a <see cref="HandshakeRequest"/>.</summary>
/// <param name="Version">The acceptor's protocol version.</param>
/// <param name="Node">The acceptor.</param>
/// <param name="Verdict">Unless it is accepted, the connection ends here.</param>
/// <param name="Reason">Why it was refused; empty when accepted.</param>
internal readonly record struct HandshakeReply(ushort Version, int Node, HandshakeVerdict Verdict, string Reason) : IFramePayload
{
    /// <summary>Longest reason in UTF-8 bytes.</summary>
    public const int ReasonBytesMax = 512;

    private const int FixedLength = sizeof(uint) + sizeof(ushort) + sizeof(int) + 1 + sizeof(ushort);

    /// <inheritdoc/>
    public FrameKind Kind => FrameKind.HandshakeReply;

    /// <inheritdoc/>
    public int Length => FixedLength + Encoding.UTF8.GetByteCount(Reason);

    /// <exception cref="ProtocolException">Not a handshake reply.</exception>
    public static HandshakeReply Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload, "handshake reply");
        if (reader.ReadUInt32() != HandshakeRequest.Magic)
        {
            throw new ProtocolException("handshake reply: wrong magic number: the other side speaks another protocol");
        }

        var reply = new HandshakeReply(reader.ReadUInt16(), reader.ReadInt32(), (HandshakeVerdict)reader.ReadByte(), reader.ReadText(ReasonBytesMax));
        reader.End();
        return reply.Verdict <= HandshakeVerdict.Busy ? reply : throw new ProtocolException($"handshake reply: unknown verdict {(byte)reply.Verdict}");
    }

    /// <inheritdoc/>
    public void WriteTo(FrameWriter writer)
    {
        writer.WriteUInt32(HandshakeRequest.Magic);
        writer.WriteUInt16(Version);
        writer.WriteInt32(Node);
        writer.WriteByte((byte)Verdict);
        writer.WriteText(Reason);
    }
}
