using SimGraph.Replication.Wire;

namespace SimGraph.Replication.Fanout.Wire;

/// <summary>Looks at the head of a payload.</summary>
internal static class FanoutReader
{
    /// <summary>The kind of a payload.</summary>
    /// <exception cref="ProtocolException">Too short, or of another version.</exception>
    public static FanoutKind KindOf(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload, "fan-out payload");
        byte version = reader.ReadByte();
        return version == FanoutWriter.Version
            ? (FanoutKind)reader.ReadByte()
            : throw new ProtocolException($"fan-out payload: version {version}; this program speaks {FanoutWriter.Version}");
    }

    /// <summary>Begins to read behind the head.</summary>
    public static WireReader Body(ReadOnlySpan<byte> payload, string what) => new(payload[FanoutWriter.HeadBytes..], what);
}
