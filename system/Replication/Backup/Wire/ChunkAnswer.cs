using SimGraph.Replication.Wire;

namespace SimGraph.Replication.Backup.Wire;

/// <summary>Answer to <see cref="BackupAction.Chunk"/>.</summary>
/// <param name="Number">From 0.</param>
/// <param name="IsLast">Whether it ends the state.</param>
/// <param name="StateLength">Bytes of all chunks, of the last; else 0.</param>
/// <param name="StateHash">Their hash as in a snapshot, of the last; else 0.</param>
/// <param name="Data">Pairs as in a snapshot chunk; empty only in the last.</param>
internal readonly record struct ChunkAnswer(uint Number, bool IsLast, ulong StateLength, ulong StateHash, ReadOnlyMemory<byte> Data)
{
    /// <summary>Bytes in front of the data.</summary>
    public const int HeadBytes = sizeof(uint) + 1 + (2 * sizeof(ulong));

    /// <exception cref="ProtocolException">Not such an answer.</exception>
    public static ChunkAnswer Decode(ReadOnlyMemory<byte> body)
    {
        var reader = new WireReader(body.Span, "chunk of a backup");
        var answer = new ChunkAnswer(reader.ReadUInt32(), reader.ReadBool(), reader.ReadUInt64(), reader.ReadUInt64(), body[^reader.Remaining..]);
        return answer.Data.IsEmpty && !answer.IsLast ? throw new ProtocolException("chunk of a backup: empty, and not the last") : answer;
    }

    public byte[] Encode()
    {
        var writer = new FrameWriter();
        writer.WriteUInt32(Number);
        writer.WriteBool(IsLast);
        writer.WriteUInt64(StateLength);
        writer.WriteUInt64(StateHash);
        writer.WriteBytes(Data.Span);
        return writer.Written.ToArray();
    }
}
