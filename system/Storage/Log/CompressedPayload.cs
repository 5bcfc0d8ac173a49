// Compression of one payload. Each record is packed for itself: a record is what is torn, overwritten and read, so a torn tail of a compressed log is no
// different from any other.

using System.Buffers.Binary;
using K4os.Compression.LZ4;

namespace SimGraph.Storage.Log;

/// <summary>A payload as four bytes of its length and an LZ4 block.</summary>
internal static class CompressedPayload
{
    private const int LengthBytes = sizeof(int);

    /// <summary>Packs into the target; 0 if that saves less than an eighth.</summary>
    public static int Pack(ReadOnlySpan<byte> payload, Span<byte> target)
    {
        int worthwhile = payload.Length - (payload.Length / 8) - LengthBytes;
        if (worthwhile <= 0)
        {
            return 0;
        }

        int packed = LZ4Codec.Encode(payload, target.Slice(LengthBytes, worthwhile));
        if (packed <= 0)
        {
            return 0;
        }

        BinaryPrimitives.WriteInt32LittleEndian(target, payload.Length);
        return LengthBytes + packed;
    }

    /// <summary>Unpacks; null if these bytes were not made by <see cref="Pack"/>, or of more than <paramref name="bytesMax"/> bytes.</summary>
    public static byte[]? TryUnpack(ReadOnlySpan<byte> stored, int bytesMax)
    {
        if (stored.Length <= LengthBytes)
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(stored);
        if (length < 0 || length > bytesMax)
        {
            return null;
        }

        byte[] payload = new byte[length];
        return LZ4Codec.Decode(stored[LengthBytes..], payload) == length ? payload : null;
    }
}
