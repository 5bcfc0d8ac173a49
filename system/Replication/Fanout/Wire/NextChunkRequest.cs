using SimGraph.Replication.Wire;

namespace SimGraph.Replication.Fanout.Wire;

/// <summary>A read replica asks for a chunk of the state that is being sent to it.</summary>
internal readonly record struct NextChunkRequest(ulong Request, uint Number)
{
    public byte[] Encode()
    {
        var writer = new FanoutWriter(FanoutKind.NextChunk, sizeof(ulong) + sizeof(uint));
        writer.WriteUInt64(Request);
        writer.WriteUInt32(Number);
        return writer.Finish();
    }

    /// <exception cref="ProtocolException">Not such a request.</exception>
    public static NextChunkRequest Decode(ReadOnlySpan<byte> payload)
    {
        WireReader reader = FanoutReader.Body(payload, "next chunk");
        var request = new NextChunkRequest(reader.ReadUInt64(), reader.ReadUInt32());
        reader.End();
        return request;
    }
}
