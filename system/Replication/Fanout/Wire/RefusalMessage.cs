using SimGraph.Replication.Wire;

namespace SimGraph.Replication.Fanout.Wire;

/// <summary>A request that is not served.</summary>
internal readonly record struct RefusalMessage(ulong Request, RefusalReason Reason)
{
    public byte[] Encode()
    {
        var writer = new FanoutWriter(FanoutKind.Refusal, sizeof(ulong) + 1);
        writer.WriteUInt64(Request);
        writer.WriteByte((byte)Reason);
        return writer.Finish();
    }

    /// <exception cref="ProtocolException">Not a refusal.</exception>
    public static RefusalMessage Decode(ReadOnlySpan<byte> payload)
    {
        WireReader reader = FanoutReader.Body(payload, "refusal");
        var refusal = new RefusalMessage(reader.ReadUInt64(), (RefusalReason)reader.ReadByte());
        reader.End();
        return refusal;
    }
}
