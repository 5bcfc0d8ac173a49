using System.Text;
using SimGraph.Replication.Wire;

namespace SimGraph.Replication.Fanout.Wire;

/// <summary>A command to be proposed on behalf of somebody else.</summary>
internal readonly record struct ForwardRequest(string ReplyTo, ulong Ticket, ReadOnlyMemory<byte> Command)
{
    /// <summary>Longest identity, as in ZeroMQ.</summary>
    public const int ReplyToBytesMax = 255;

    public byte[] Encode()
    {
        int text = Encoding.UTF8.GetByteCount(ReplyTo);
        var writer = new FanoutWriter(FanoutKind.Forward, sizeof(ushort) + text + sizeof(ulong) + Command.Length);
        writer.WriteUInt16((ushort)text);
        writer.WriteBytes(Encoding.UTF8.GetBytes(ReplyTo));
        writer.WriteUInt64(Ticket);
        writer.WriteBytes(Command.Span);
        return writer.Finish();
    }

    /// <exception cref="ProtocolException">Not a forward.</exception>
    public static ForwardRequest Decode(ReadOnlyMemory<byte> payload)
    {
        WireReader reader = FanoutReader.Body(payload.Span, "forward");
        string replyTo = reader.ReadText(ReplyToBytesMax);
        ulong ticket = reader.ReadUInt64();
        return replyTo.Length > 0 && reader.Remaining > 0
            ? new ForwardRequest(replyTo, ticket, payload[^reader.Remaining..])
            : throw new ProtocolException("forward: nobody to answer to, or nothing to do");
    }
}
