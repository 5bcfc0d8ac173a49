using SimGraph.Replication.Wire;

namespace SimGraph.Replication.Fanout.Wire;

/// <summary>What became of a forwarded command.</summary>
internal readonly record struct ForwardReply(ulong Ticket, ForwardStatus Status, ReadOnlyMemory<byte> Body)
{
    public byte[] Encode()
    {
        var writer = new FanoutWriter(FanoutKind.ForwardReply, sizeof(ulong) + 1 + Body.Length);
        writer.WriteUInt64(Ticket);
        writer.WriteByte((byte)Status);
        writer.WriteBytes(Body.Span);
        return writer.Finish();
    }

    /// <exception cref="ProtocolException">Not such a reply.</exception>
    public static ForwardReply Decode(ReadOnlyMemory<byte> payload)
    {
        WireReader reader = FanoutReader.Body(payload.Span, "forward reply");
        ulong ticket = reader.ReadUInt64();
        var status = (ForwardStatus)reader.ReadByte();
        return status is ForwardStatus.Done or ForwardStatus.Refused or ForwardStatus.Unknown
            ? new ForwardReply(ticket, status, payload[^reader.Remaining..])
            : throw new ProtocolException($"forward reply: {(byte)status} is no status");
    }
}
