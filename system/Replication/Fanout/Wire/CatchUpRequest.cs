using SimGraph.Replication.Wire;

namespace SimGraph.Replication.Fanout.Wire;

/// <summary>A read replica asks for what follows.</summary>
internal readonly record struct CatchUpRequest(ulong Request, ulong FromIndex)
{
    public byte[] Encode()
    {
        var writer = new FanoutWriter(FanoutKind.CatchUp, 2 * sizeof(ulong));
        writer.WriteUInt64(Request);
        writer.WriteUInt64(FromIndex);
        return writer.Finish();
    }

    /// <exception cref="ProtocolException">Not such a request.</exception>
    public static CatchUpRequest Decode(ReadOnlySpan<byte> payload)
    {
        WireReader reader = FanoutReader.Body(payload, "catch-up");
        var request = new CatchUpRequest(reader.ReadUInt64(), reader.ReadUInt64());
        reader.End();
        return request.FromIndex > 0 ? request : throw new ProtocolException("catch-up: entries are numbered from 1");
    }
}
