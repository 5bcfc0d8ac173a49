using SimGraph.Replication.Wire;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Backup.Wire;

/// <summary>Answer to <see cref="BackupAction.Freeze"/>: position and digest of what is frozen.</summary>
internal readonly record struct FrozenAnswer(LogPosition Position, UInt128 Digest)
{
    /// <exception cref="ProtocolException">Not such an answer.</exception>
    public static FrozenAnswer Decode(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body, "frozen state");
        var answer = new FrozenAnswer(reader.ReadPosition(), reader.ReadUInt128());
        reader.End();
        return answer;
    }

    public byte[] Encode()
    {
        var writer = new FrameWriter();
        writer.WriteUInt64(Position.Index);
        writer.WriteUInt64(Position.Term);
        writer.WriteUInt128(Digest);
        return writer.Written.ToArray();
    }
}
