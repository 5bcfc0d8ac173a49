// Compressed files are sequences of small gzip members (RFC 1952, section 2.2: their contents are concatenated) whose extra field tells their length and
// checks all of their bytes, after the idea of BGZF. So they are read in bounded memory, damage is found where it is, and zcat reads them too.

using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using SimGraph.Runtime;

namespace SimGraph.Storage.Audit;

/// <summary>Encodes and decodes one gzip member. Pure.</summary>
internal static class GzipMember
{
    /// <summary>Most plain bytes in a member.</summary>
    public const int PlainBytesMax = 256 << 10;

    /// <summary>Largest member.</summary>
    public const int MemberBytesMax = 320 << 10;

    /// <summary>Bytes that <see cref="TryReadLength"/> needs.</summary>
    public const int HeaderBytes = 24;

    private const int TrailerBytes = 8;
    private const int LengthAt = 16;
    private const int ChecksumAt = 20;

    private static ReadOnlySpan<byte> Head => [0x1F, 0x8B, 0x08, 0x04, 0, 0, 0, 0, 0, 0xFF, 12, 0, (byte)'S', (byte)'G', 8, 0];

    /// <summary>Compresses up to <see cref="PlainBytesMax"/> bytes.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> plain)
    {
        Invariant.Check(plain.Length is > 0 and <= PlainBytesMax, "a gzip member holds between one byte and its limit");
        using var stream = new MemoryStream(HeaderBytes + (plain.Length / 4));
        stream.Write(stackalloc byte[HeaderBytes]);
        using (var deflate = new DeflateStream(stream, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(plain);
        }

        Span<byte> trailer = stackalloc byte[TrailerBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, Crc32.HashToUInt32(plain));
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], (uint)plain.Length);
        stream.Write(trailer);
        byte[] member = stream.ToArray();
        Invariant.Check(member.Length <= MemberBytesMax, "deflate adds little to what cannot be compressed");
        Head.CopyTo(member);
        BinaryPrimitives.WriteInt32LittleEndian(member.AsSpan(LengthAt), member.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(member.AsSpan(ChecksumAt), Crc32C.Compute(member.AsSpan(HeaderBytes)));
        return member;
    }

    /// <summary>The length of the member that begins with this header.</summary>
    public static bool TryReadLength(ReadOnlySpan<byte> header, out int length)
    {
        length = 0;
        if (header.Length < HeaderBytes || !header.StartsWith(Head))
        {
            return false;
        }

        length = BinaryPrimitives.ReadInt32LittleEndian(header[LengthAt..]);
        return length is > HeaderBytes + TrailerBytes and <= MemberBytesMax;
    }

    /// <summary>Decompresses a whole member. Null if it is good, else what is wrong with it.</summary>
    public static string? TryDecode(ReadOnlySpan<byte> member, out byte[] plain)
    {
        plain = [];
        if (!TryReadLength(member, out int length) || length != member.Length)
        {
            return "its compressed bytes are not a member of this log";
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(member[ChecksumAt..]) != Crc32C.Compute(member[HeaderBytes..]))
        {
            return "its compressed bytes do not match their checksum";
        }

        ReadOnlySpan<byte> trailer = member[^TrailerBytes..];
        uint plainBytes = BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]);
        if (plainBytes is 0 or > PlainBytesMax)
        {
            return "its compressed bytes claim an impossible length";
        }

        byte[] inflated = new byte[plainBytes];
        if (!TryInflate(member[HeaderBytes..^TrailerBytes], inflated)
            || Crc32.HashToUInt32(inflated) != BinaryPrimitives.ReadUInt32LittleEndian(trailer))
        {
            return "its compressed bytes cannot be decompressed";
        }

        plain = inflated;
        return null;
    }

    private static bool TryInflate(ReadOnlySpan<byte> deflated, Span<byte> target)
    {
        byte[] source = ArrayPool<byte>.Shared.Rent(deflated.Length);
        try
        {
            deflated.CopyTo(source);
            using var deflate = new DeflateStream(new MemoryStream(source, 0, deflated.Length, writable: false), CompressionMode.Decompress);
            return deflate.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) == target.Length && deflate.ReadByte() < 0;
        }
        catch (InvalidDataException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(source);
        }
    }
}
