using SimGraph.Replication.Fanout.Health;
using SimGraph.Replication.Wire;

namespace SimGraph.Replication.Fanout.Wire;

/// <summary>A publisher says what it thinks of a replica that has reported.</summary>
internal readonly record struct StandingMessage(ulong Number, ulong LastIndex, ReplicaHealth Health)
{
    public byte[] Encode()
    {
        var writer = new FanoutWriter(FanoutKind.Standing, (2 * sizeof(ulong)) + 1);
        writer.WriteUInt64(Number);
        writer.WriteUInt64(LastIndex);
        writer.WriteByte((byte)Health);
        return writer.Finish();
    }

    /// <exception cref="ProtocolException">Not a standing.</exception>
    public static StandingMessage Decode(ReadOnlySpan<byte> payload)
    {
        WireReader reader = FanoutReader.Body(payload, "standing");
        var standing = new StandingMessage(reader.ReadUInt64(), reader.ReadUInt64(), (ReplicaHealth)reader.ReadByte());
        reader.End();
        return standing.Health is ReplicaHealth.Healthy or ReplicaHealth.Degraded or ReplicaHealth.Unhealthy
            ? standing
            : throw new ProtocolException($"standing: {(byte)standing.Health} is no health");
    }
}
