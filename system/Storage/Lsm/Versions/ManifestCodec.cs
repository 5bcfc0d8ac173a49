// Bytes of the manifest (docs/formats.md). Strict: what is not exactly what the encoder writes is refused, and no length is believed before it is
// compared with the bytes that are there.

using System.Buffers.Binary;
using SimGraph.Storage.Lsm.Tables;

namespace SimGraph.Storage.Lsm.Versions;

/// <summary>Encodes and decodes the head and the records of a manifest.</summary>
internal static class ManifestCodec
{
    public const int HeadBytes = 24;
    public const int RecordHeadBytes = 20;
    private const uint FormatVersion = 1;
    private const int TableBytesMin = 1 + (8 * 8) + 4 + 8;
    private static ReadOnlySpan<byte> Magic => "SIMGRMAN"u8;

    public static byte[] EncodeHead(ulong generation)
    {
        byte[] head = new byte[HeadBytes];
        Magic.CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(8), FormatVersion);
        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(12), generation);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(20), Crc32C.Compute(head.AsSpan(0, 20)));
        return head;
    }

    /// <summary>Null if the head is good; else what is wrong with it.</summary>
    public static string? ReadHead(ReadOnlySpan<byte> file, out ulong generation)
    {
        generation = 0;
        if (file.Length < HeadBytes)
        {
            return $"{file.Length} bytes are too few for the head of a manifest";
        }

        if (!file[..8].SequenceEqual(Magic))
        {
            return "it does not begin as a manifest does";
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(file[20..]) != Crc32C.Compute(file[..20]))
        {
            return "its head does not match its checksum";
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(file[8..]);
        generation = BinaryPrimitives.ReadUInt64LittleEndian(file[12..]);
        return version == FormatVersion ? null : $"format version {version} is unknown, this program reads version {FormatVersion}";
    }

    public static byte[] EncodeRecord(ulong generation, ulong ordinal, VersionEdit edit)
    {
        int payload = BytesOf(edit);
        byte[] record = new byte[RecordHeadBytes + payload];
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), payload);
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(8), ordinal);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(16), 0);
        EncodeEdit(record.AsSpan(RecordHeadBytes), edit);
        BinaryPrimitives.WriteUInt32LittleEndian(record, ChecksumOf(record, generation));
        return record;
    }

    /// <summary>True if a whole record of this generation begins at the start of the bytes.</summary>
    public static bool TryReadRecord(ReadOnlySpan<byte> bytes, ulong generation, out ulong ordinal, out ReadOnlySpan<byte> payload)
    {
        ordinal = 0;
        payload = default;
        if (bytes.Length < RecordHeadBytes)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        if (length < 0 || length > bytes.Length - RecordHeadBytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]) != 0)
        {
            return false;
        }

        ReadOnlySpan<byte> record = bytes[..(RecordHeadBytes + length)];
        if (BinaryPrimitives.ReadUInt32LittleEndian(record) != ChecksumOf(record, generation))
        {
            return false;
        }

        ordinal = BinaryPrimitives.ReadUInt64LittleEndian(record[8..]);
        payload = record[RecordHeadBytes..];
        return true;
    }

    /// <summary>Decodes the payload of a record.</summary>
    /// <exception cref="FormatException">It is not one; the message says why.</exception>
    public static VersionEdit DecodeEdit(ReadOnlySpan<byte> payload)
    {
        var reader = new ManifestReader(payload);
        ulong next = reader.ReadUInt64();
        ulong durable = reader.ReadUInt64();
        var removed = new (int, ulong)[reader.ReadCount(9)];
        for (int i = 0; i < removed.Length; i++)
        {
            removed[i] = (reader.ReadByte(), reader.ReadUInt64());
        }

        var added = new (int, LsmTable)[reader.ReadCount(TableBytesMin)];
        for (int i = 0; i < added.Length; i++)
        {
            added[i] = (reader.ReadByte(), ReadTable(ref reader));
        }

        var pointers = new (int, ReadOnlyMemory<byte>)[reader.ReadCount(5)];
        for (int i = 0; i < pointers.Length; i++)
        {
            pointers[i] = (reader.ReadByte(), reader.ReadBytes());
        }

        reader.CheckEnd();
        return new VersionEdit { NextNumber = next, DurableSequence = durable, Removed = removed, Added = added, Pointers = pointers };
    }

    private static LsmTable ReadTable(ref ManifestReader reader)
    {
        ulong number = reader.ReadUInt64();
        var summary = new TableSummary(
            Length: reader.ReadInt64(),
            Entries: reader.ReadInt64(),
            Deletes: reader.ReadInt64(),
            RangeTombstones: reader.ReadInt32(),
            SmallestSequence: reader.ReadUInt64(),
            LargestSequence: reader.ReadUInt64(),
            RawKeyBytes: reader.ReadInt64(),
            RawValueBytes: reader.ReadInt64(),
            SmallestKey: reader.ReadBytes(),
            LargestKey: reader.ReadBytes());
        return summary.SmallestKey.Span.SequenceCompareTo(summary.LargestKey.Span) > 0 || summary.SmallestSequence > summary.LargestSequence
            ? throw new FormatException($"the bounds of table {number} are in the wrong order")
            : new LsmTable(number, summary);
    }

    private static int BytesOf(VersionEdit edit)
    {
        int bytes = 8 + 8 + 4 + (9 * edit.Removed.Count) + 4 + 4;
        foreach ((_, LsmTable table) in edit.Added)
        {
            bytes += TableBytesMin + table.Summary.SmallestKey.Length + table.Summary.LargestKey.Length;
        }

        foreach ((_, ReadOnlyMemory<byte> key) in edit.Pointers)
        {
            bytes += 1 + 4 + key.Length;
        }

        return bytes;
    }

    private static void EncodeEdit(Span<byte> target, VersionEdit edit)
    {
        int at = Put(target, 0, edit.NextNumber);
        at = Put(target, at, edit.DurableSequence);
        at = Put(target, at, edit.Removed.Count);
        foreach ((int level, ulong number) in edit.Removed)
        {
            target[at] = (byte)level;
            at = Put(target, at + 1, number);
        }

        at = Put(target, at, edit.Added.Count);
        foreach ((int level, LsmTable table) in edit.Added)
        {
            TableSummary summary = table.Summary;
            target[at] = (byte)level;
            at = Put(target, at + 1, table.Number);
            at = Put(target, at, (ulong)summary.Length);
            at = Put(target, at, (ulong)summary.Entries);
            at = Put(target, at, (ulong)summary.Deletes);
            at = Put(target, at, summary.RangeTombstones);
            at = Put(target, at, summary.SmallestSequence);
            at = Put(target, at, summary.LargestSequence);
            at = Put(target, at, (ulong)summary.RawKeyBytes);
            at = Put(target, at, (ulong)summary.RawValueBytes);
            at = Put(target, at, summary.SmallestKey.Span);
            at = Put(target, at, summary.LargestKey.Span);
        }

        at = Put(target, at, edit.Pointers.Count);
        foreach ((int level, ReadOnlyMemory<byte> key) in edit.Pointers)
        {
            target[at] = (byte)level;
            at = Put(target, at + 1, key.Span);
        }

        Runtime.Invariant.Check(at == target.Length, "an encoded edit fills its record");
    }

    private static int Put(Span<byte> target, int at, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(target[at..], value);
        return at + sizeof(ulong);
    }

    private static int Put(Span<byte> target, int at, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target[at..], value);
        return at + sizeof(int);
    }

    private static int Put(Span<byte> target, int at, ReadOnlySpan<byte> value)
    {
        at = Put(target, at, value.Length);
        value.CopyTo(target[at..]);
        return at + value.Length;
    }

    private static uint ChecksumOf(ReadOnlySpan<byte> record, ulong generation)
    {
        Span<byte> seed = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(seed, generation);
        return Crc32C.Compute(record[4..], Crc32C.Compute(seed));
    }
}
