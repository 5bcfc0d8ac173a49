using SimGraph.Replication.Wire;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Fanout.Wire;

/// <summary>A publisher lives, and has applied so much.</summary>
internal readonly record struct BeatMessage(int Publisher, LogPosition Last)
{
    public byte[] Encode()
    {
        var writer = new FanoutWriter(FanoutKind.Beat, sizeof(int) + (2 * sizeof(ulong)));
        writer.WriteInt32(Publisher);
        writer.WriteUInt64(Last.Index);
        writer.WriteUInt64(Last.Term);
        return writer.Finish();
    }

    /// <exception cref="ProtocolException">Not a beat.</exception>
    public static BeatMessage Decode(ReadOnlySpan<byte> payload)
    {
        WireReader reader = FanoutReader.Body(payload, "beat");
        var beat = new BeatMessage(reader.ReadInt32(), reader.ReadPosition());
        reader.End();
        return beat;
    }
}
