using System.Buffers.Binary;

namespace SimGraph.Storage.Log;

/// <summary>
/// The fixed part of a record. Its checksum covers itself, the payload's checksum among it, and is seeded with the segment's number, so that
/// a length is trusted only when the header is whole and a record of another segment is not taken for one of this.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="EntryKind">Kind of the entry; 0 for other records.</param>
/// <param name="PayloadBytes">Length of the payload behind the header, as stored.</param>
/// <param name="BatchStart">Offset in the segment at which the batch of this record begins; 0 for the head.</param>
/// <param name="Term">Term of the entry or start.</param>
/// <param name="Index">Index of the entry or start.</param>
/// <param name="PayloadChecksum">CRC-32C of the payload as stored.</param>
/// <param name="Encoding">How the payload is stored.</param>
internal readonly record struct RecordHeader(
    RecordKind Kind, byte EntryKind, int PayloadBytes, long BatchStart, ulong Term, ulong Index, uint PayloadChecksum, PayloadEncoding Encoding)
{
    public const int Bytes = 40;
    public const int BatchStartOffset = 8;

    /// <summary>The seed of the checksums of a segment's records.</summary>
    public static uint SeedOf(ulong sequence)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, sequence);
        return Crc32C.Compute(bytes);
    }

    public void Write(Span<byte> target, uint seed)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target[4..], PayloadBytes);
        BinaryPrimitives.WriteInt64LittleEndian(target[BatchStartOffset..], BatchStart);
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], Term);
        BinaryPrimitives.WriteUInt64LittleEndian(target[24..], Index);
        BinaryPrimitives.WriteUInt32LittleEndian(target[32..], PayloadChecksum);
        target[36] = (byte)Kind;
        target[37] = EntryKind;
        target[38] = (byte)Encoding;
        target[39] = 0;
        BinaryPrimitives.WriteUInt32LittleEndian(target, Crc32C.Compute(target[4..Bytes], seed));
    }

    /// <summary>False if the bytes are not a header that was written whole into this segment.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, uint seed, out RecordHeader header)
    {
        header = default;
        if (source.Length < Bytes || BinaryPrimitives.ReadUInt32LittleEndian(source) != Crc32C.Compute(source[4..Bytes], seed))
        {
            return false;
        }

        header = new RecordHeader(
            (RecordKind)source[36],
            source[37],
            BinaryPrimitives.ReadInt32LittleEndian(source[4..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[BatchStartOffset..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[24..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[32..]),
            (PayloadEncoding)source[38]);
        return header.Kind != 0;
    }
}
