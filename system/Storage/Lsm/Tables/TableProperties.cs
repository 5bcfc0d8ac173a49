using System.Buffers.Binary;

namespace SimGraph.Storage.Lsm.Tables;

/// <summary>The payload that says what a table holds.</summary>
internal static class TableProperties
{
    private const int FixedBytes = 56;

    public static void Write(OutputBuffer target, TableSummary summary, int dataBlocks)
    {
        target.WriteUInt64((ulong)summary.Entries);
        target.WriteUInt64((ulong)summary.Deletes);
        target.WriteUInt64((ulong)summary.RawKeyBytes);
        target.WriteUInt64((ulong)summary.RawValueBytes);
        target.WriteUInt64(summary.SmallestSequence);
        target.WriteUInt64(summary.LargestSequence);
        target.WriteUInt32((uint)dataBlocks);
        target.WriteUInt32((uint)summary.RangeTombstones);
        SizedKey.Write(target, summary.SmallestKey.Span);
        SizedKey.Write(target, summary.LargestKey.Span);
    }

    /// <summary>What the table holds; null if the payload makes no sense.</summary>
    public static TableSummary? TryRead(ReadOnlyMemory<byte> payload, long fileBytes, out int dataBlocks)
    {
        ReadOnlySpan<byte> source = payload.Span;
        dataBlocks = 0;
        int position = FixedBytes;
        if (source.Length < FixedBytes
            || !SizedKey.TryRead(payload, ref position, out ReadOnlyMemory<byte> smallest)
            || !SizedKey.TryRead(payload, ref position, out ReadOnlyMemory<byte> largest)
            || position != source.Length)
        {
            return null;
        }

        dataBlocks = BinaryPrimitives.ReadInt32LittleEndian(source[48..]);
        var summary = new TableSummary(
            fileBytes,
            BinaryPrimitives.ReadInt64LittleEndian(source),
            BinaryPrimitives.ReadInt64LittleEndian(source[8..]),
            smallest,
            largest,
            BinaryPrimitives.ReadUInt64LittleEndian(source[32..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[40..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[52..]));
        bool isPossible = dataBlocks >= 0 && summary.RangeTombstones >= 0 && summary.RawKeyBytes >= 0 && summary.RawValueBytes >= 0
            && summary.Deletes >= 0 && summary.Deletes <= summary.Entries && dataBlocks <= summary.Entries && (dataBlocks == 0) == (summary.Entries == 0)
            && summary.SmallestSequence <= summary.LargestSequence && smallest.Span.SequenceCompareTo(largest.Span) <= 0;
        return isPossible ? summary : null;
    }
}
