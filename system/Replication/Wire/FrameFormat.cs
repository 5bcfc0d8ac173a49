// The frame, little-endian: 4 bytes payload length, 1 byte kind, payload, 4 bytes CRC-32C over length, kind and payload. The length is bounded
// before anything is allocated for it. TCP's own checksum is weak and ends at the network card; ours goes from encoder to decoder.

using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace SimGraph.Replication.Wire;

/// <summary>Sizes and checksum of a frame.</summary>
internal static class FrameFormat
{
    /// <summary>Bytes in front of the payload.</summary>
    public const int HeaderLength = 5;

    /// <summary>Bytes behind the payload.</summary>
    public const int TrailerLength = 4;

    /// <summary>Bytes of a frame that are not payload.</summary>
    public const int Overhead = HeaderLength + TrailerLength;

    /// <summary>Largest payload unless configured otherwise: 4 MiB.</summary>
    public const int DefaultPayloadMax = 4 * 1024 * 1024;

    /// <summary>Largest payload of a handshake: nothing larger is read from a stranger.</summary>
    public const int HandshakePayloadMax = 1024;

    /// <summary>CRC-32C (Castagnoli) of the bytes.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
        {
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (byte rest in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        return ~crc;
    }
}
