using SimGraph.Replication.Wire;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Fanout.Wire;

/// <summary>A committed entry.</summary>
internal readonly record struct EntryMessage(int Publisher, LogEntry Entry)
{
    private const int HeadBytes = sizeof(int) + (2 * sizeof(ulong)) + 1;

    public byte[] Encode()
    {
        var writer = new FanoutWriter(FanoutKind.Entry, HeadBytes + Entry.Payload.Length);
        writer.WriteInt32(Publisher);
        writer.WriteUInt64(Entry.Index);
        writer.WriteUInt64(Entry.Term);
        writer.WriteByte((byte)Entry.Kind);
        writer.WriteBytes(Entry.Payload.Span);
        return writer.Finish();
    }

    /// <exception cref="ProtocolException">Not an entry, or one that cannot be applied.</exception>
    public static EntryMessage Decode(ReadOnlyMemory<byte> payload)
    {
        WireReader reader = FanoutReader.Body(payload.Span, "entry");
        int publisher = reader.ReadInt32();
        LogPosition position = reader.ReadPosition();
        LogEntryKind kind = reader.ReadEntryKind();
        return position.Index > 0
            ? new EntryMessage(publisher, new LogEntry(position.Index, position.Term, kind, payload[^reader.Remaining..]))
            : throw new ProtocolException("entry: entries are numbered from 1");
    }
}
