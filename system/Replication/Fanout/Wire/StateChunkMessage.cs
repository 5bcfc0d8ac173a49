using SimGraph.Replication.Wire;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Fanout.Wire;

/// <summary>A part of the whole state.</summary>
/// <param name="Request">The catch-up that it answers.</param>
/// <param name="Position">The last entry that is in the state.</param>
/// <param name="Number">From 0.</param>
/// <param name="IsLast">Whether length and hash are those of all chunks, and this one ends them.</param>
/// <param name="StateLength">Bytes of all chunks.</param>
/// <param name="StateHash">XxHash3 of them.</param>
/// <param name="Data">Pairs; empty only in the last.</param>
internal readonly record struct StateChunkMessage(
    ulong Request, LogPosition Position, uint Number, bool IsLast, ulong StateLength, ulong StateHash, ReadOnlyMemory<byte> Data)
{
    private const int HeadBytes = (5 * sizeof(ulong)) + sizeof(uint) + 1;

    public byte[] Encode()
    {
        var writer = new FanoutWriter(FanoutKind.StateChunk, HeadBytes + Data.Length);
        writer.WriteUInt64(Request);
        writer.WriteUInt64(Position.Index);
        writer.WriteUInt64(Position.Term);
        writer.WriteUInt32(Number);
        writer.WriteByte(IsLast ? (byte)1 : (byte)0);
        writer.WriteUInt64(StateLength);
        writer.WriteUInt64(StateHash);
        writer.WriteBytes(Data.Span);
        return writer.Finish();
    }

    /// <exception cref="ProtocolException">Not such a chunk.</exception>
    public static StateChunkMessage Decode(ReadOnlyMemory<byte> payload)
    {
        WireReader reader = FanoutReader.Body(payload.Span, "state chunk");
        var chunk = new StateChunkMessage(
            reader.ReadUInt64(),
            reader.ReadPosition(),
            reader.ReadUInt32(),
            reader.ReadBool(),
            reader.ReadUInt64(),
            reader.ReadUInt64(),
            default);
        ReadOnlyMemory<byte> data = payload[^reader.Remaining..];
        return data.IsEmpty && !chunk.IsLast ? throw new ProtocolException("state chunk: empty, and not the last") : chunk with { Data = data };
    }
}
