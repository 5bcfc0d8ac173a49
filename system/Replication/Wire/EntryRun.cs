using System.Buffers.Binary;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Wire;

/// <summary>Entries whose indexes follow each other without a gap: number u16; of each the term u64, the kind u8, the length u32, the payload.</summary>
internal static class EntryRun
{
    /// <summary>Most entries of a run.</summary>
    public const int EntriesMax = 1024;

    private const int EntryHeadBytes = sizeof(ulong) + 1 + sizeof(uint);

    /// <summary>Bytes that <see cref="Write"/> writes.</summary>
    public static int LengthOf(IReadOnlyList<LogEntry> entries)
    {
        int length = sizeof(ushort);
        for (int i = 0; i < entries.Count; i++)
        {
            length += EntryHeadBytes + entries[i].Payload.Length;
        }

        return length;
    }

    /// <summary>Writes them.</summary>
    public static void Write(Span<byte> target, IReadOnlyList<LogEntry> entries)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(target, checked((ushort)entries.Count));
        target = target[sizeof(ushort)..];
        for (int i = 0; i < entries.Count; i++)
        {
            LogEntry entry = entries[i];
            BinaryPrimitives.WriteUInt64LittleEndian(target, entry.Term);
            target[sizeof(ulong)] = (byte)entry.Kind;
            BinaryPrimitives.WriteUInt32LittleEndian(target[(sizeof(ulong) + 1)..], (uint)entry.Payload.Length);
            entry.Payload.Span.CopyTo(target[EntryHeadBytes..]);
            target = target[(EntryHeadBytes + entry.Payload.Length)..];
        }
    }

    /// <summary>Reads them to the end of the payload, of which they are slices.</summary>
    /// <param name="reader">Stands at the number.</param>
    /// <param name="payload">What the reader reads.</param>
    /// <param name="first">Index of the first entry.</param>
    /// <exception cref="ProtocolException">Not such entries.</exception>
    public static LogEntry[] Read(ref WireReader reader, ReadOnlyMemory<byte> payload, ulong first)
    {
        int count = reader.ReadUInt16();
        if (first == 0 || first > ulong.MaxValue - EntriesMax || count > EntriesMax)
        {
            throw new ProtocolException($"entries: {count} of them from {first} on");
        }

        var entries = new LogEntry[count];
        for (int i = 0; i < count; i++)
        {
            ulong term = reader.ReadUInt64();
            LogEntryKind kind = reader.ReadEntryKind();
            uint length = reader.ReadUInt32();
            int start = payload.Length - reader.Remaining;
            reader.ReadBytes(length <= int.MaxValue ? (int)length : throw new ProtocolException($"entries: a payload of {length} bytes"));
            entries[i] = new LogEntry(first + (ulong)i, term, kind, payload.Slice(start, (int)length));
        }

        reader.End();
        return entries;
    }
}
