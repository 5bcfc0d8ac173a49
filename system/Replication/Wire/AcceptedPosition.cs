using System.Buffers.Binary;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Wire;

/// <summary>Body of a response with status Accepted: where the write stands in the leader's log.</summary>
internal static class AcceptedPosition
{
    /// <summary>Encodes.</summary>
    public static byte[] Encode(LogPosition position)
    {
        byte[] body = new byte[2 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(body, position.Term);
        BinaryPrimitives.WriteUInt64LittleEndian(body.AsSpan(sizeof(ulong)), position.Index);
        return body;
    }

    /// <summary>Decodes.</summary>
    /// <exception cref="ProtocolException">Not a position.</exception>
    public static LogPosition Decode(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body, "accepted position");
        ulong term = reader.ReadUInt64();
        ulong index = reader.ReadUInt64();
        reader.End();
        return index > 0 && term > 0 ? new LogPosition(index, term) : throw new ProtocolException("accepted position: entries and terms are numbered from 1");
    }
}
