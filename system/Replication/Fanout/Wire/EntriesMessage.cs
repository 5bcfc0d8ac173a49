using SimGraph.Replication.Wire;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Fanout.Wire;

/// <summary>Entries that were asked for: without a gap, at least one.</summary>
internal readonly record struct EntriesMessage(ulong Request, IReadOnlyList<LogEntry> Entries)
{
    /// <summary>Most entries of a message.</summary>
    public const int EntriesMax = EntryRun.EntriesMax;

    private const int HeadBytes = 2 * sizeof(ulong);

    public byte[] Encode()
    {
        int length = EntryRun.LengthOf(Entries);
        var writer = new FanoutWriter(FanoutKind.Entries, HeadBytes + length);
        writer.WriteUInt64(Request);
        writer.WriteUInt64(Entries[0].Index);
        EntryRun.Write(writer.Take(length), Entries);
        return writer.Finish();
    }

    /// <exception cref="ProtocolException">Not entries, or one that cannot be applied.</exception>
    public static EntriesMessage Decode(ReadOnlyMemory<byte> payload)
    {
        WireReader reader = FanoutReader.Body(payload.Span, "entries");
        ulong request = reader.ReadUInt64();
        ulong index = reader.ReadUInt64();
        LogEntry[] entries = EntryRun.Read(ref reader, payload, index);
        return entries.Length > 0 ? new EntriesMessage(request, entries) : throw new ProtocolException("entries: none");
    }
}
