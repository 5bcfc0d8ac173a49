using SimGraph.Replication.Wire;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Fanout.Wire;

/// <summary>Entries that were asked for: without a gap, at least one.</summary>
internal readonly record struct EntriesMessage(ulong Request, IReadOnlyList<LogEntry> Entries)
{
    /// <summary>Most entries of a message.</summary>
    public const int EntriesMax = 1024;

    private const int HeadBytes = (2 * sizeof(ulong)) + sizeof(ushort);
    private const int EntryHeadBytes = sizeof(ulong) + 1 + sizeof(uint);

    public byte[] Encode()
    {
        int length = HeadBytes;
        foreach (LogEntry entry in Entries)
        {
            length += EntryHeadBytes + entry.Payload.Length;
        }

        var writer = new FanoutWriter(FanoutKind.Entries, length);
        writer.WriteUInt64(Request);
        writer.WriteUInt64(Entries[0].Index);
        writer.WriteUInt16((ushort)Entries.Count);
        foreach (LogEntry entry in Entries)
        {
            writer.WriteUInt64(entry.Term);
            writer.WriteByte((byte)entry.Kind);
            writer.WriteUInt32((uint)entry.Payload.Length);
            writer.WriteBytes(entry.Payload.Span);
        }

        return writer.Finish();
    }

    /// <exception cref="ProtocolException">Not entries, or one that cannot be applied.</exception>
    public static EntriesMessage Decode(ReadOnlyMemory<byte> payload)
    {
        WireReader reader = FanoutReader.Body(payload.Span, "entries");
        ulong request = reader.ReadUInt64();
        ulong index = reader.ReadUInt64();
        int count = reader.ReadUInt16();
        if (index == 0 || index > ulong.MaxValue - EntriesMax || count is 0 or > EntriesMax)
        {
            throw new ProtocolException($"entries: {count} of them from {index} on");
        }

        var entries = new LogEntry[count];
        for (int i = 0; i < count; i++)
        {
            ulong term = reader.ReadUInt64();
            LogEntryKind kind = FanoutReader.ReadEntryKind(ref reader);
            uint length = reader.ReadUInt32();
            int start = payload.Length - reader.Remaining;
            reader.ReadBytes(length <= int.MaxValue ? (int)length : throw new ProtocolException($"entries: a payload of {length} bytes"));
            entries[i] = new LogEntry(index + (ulong)i, term, kind, payload.Slice(start, (int)length));
        }

        reader.End();
        return new EntriesMessage(request, entries);
    }
}
