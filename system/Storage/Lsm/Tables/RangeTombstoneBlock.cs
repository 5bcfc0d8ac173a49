using System.Buffers.Binary;

namespace SimGraph.Storage.Lsm.Tables;

/// <summary>The payload that holds the range tombstones of a table.</summary>
internal static class RangeTombstoneBlock
{
    /// <summary>By start, end, and then the highest sequence first.</summary>
    public static int Compare(RangeTombstone left, RangeTombstone right)
    {
        int order = left.Start.Span.SequenceCompareTo(right.Start.Span);
        order = order != 0 ? order : left.End.Span.SequenceCompareTo(right.End.Span);
        return order != 0 ? order : right.Sequence.CompareTo(left.Sequence);
    }

    public static void Write(OutputBuffer target, IReadOnlyList<RangeTombstone> ordered)
    {
        target.WriteUInt32((uint)ordered.Count);
        foreach (RangeTombstone tombstone in ordered)
        {
            SizedKey.Write(target, tombstone.Start.Span);
            SizedKey.Write(target, tombstone.End.Span);
            target.WriteVarint(tombstone.Sequence);
        }
    }

    /// <summary>The range tombstones, as slices of the payload; null if it makes no sense.</summary>
    public static RangeTombstone[]? TryRead(ReadOnlyMemory<byte> payload)
    {
        ReadOnlySpan<byte> source = payload.Span;
        if (source.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(source) > (uint)(source.Length - sizeof(uint)) / 3)
        {
            return null;
        }

        var tombstones = new RangeTombstone[BinaryPrimitives.ReadUInt32LittleEndian(source)];
        int position = sizeof(uint);
        for (int index = 0; index < tombstones.Length; index++)
        {
            if (!SizedKey.TryRead(payload, ref position, out ReadOnlyMemory<byte> start)
                || !SizedKey.TryRead(payload, ref position, out ReadOnlyMemory<byte> end)
                || !Varint.TryRead64(source, ref position, out ulong sequence)
                || start.Span.SequenceCompareTo(end.Span) >= 0)
            {
                return null;
            }

            tombstones[index] = new RangeTombstone(start, end, sequence);
            if (index > 0 && Compare(tombstones[index - 1], tombstones[index]) > 0)
            {
                return null;
            }
        }

        return position == source.Length ? tombstones : null;
    }
}
