using SimGraph.Replication.Wire;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Fanout.Wire;

/// <summary>Looks at the head of a payload, and reads what several payloads have in common.</summary>
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

    /// <summary>Reads the kind of an entry.</summary>
    /// <exception cref="ProtocolException">Not one that this program can apply: it must not be taken for applied.</exception>
    public static LogEntryKind ReadEntryKind(ref WireReader reader)
    {
        var kind = (LogEntryKind)reader.ReadByte();
        return Enum.IsDefined(kind) ? kind : throw new ProtocolException($"an entry of the unknown kind {(byte)kind}: this program cannot apply it");
    }

    /// <summary>Reads a position.</summary>
    public static LogPosition ReadPosition(ref WireReader reader) => new(reader.ReadUInt64(), reader.ReadUInt64());
}
