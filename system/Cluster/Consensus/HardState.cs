using System.Buffers.Binary;

namespace SimGraph.Cluster.Consensus;

/// <summary>What a node must never forget: the newest term it has seen and whom it gave its vote in that term (dissertation, figure 3.1).</summary>
public readonly record struct HardState(ulong Term, NodeId? Vote)
{
    /// <summary>Length of the encoded form in bytes.</summary>
    public const int EncodedBytes = 13;

    private const byte FormatVersion = 1;

    /// <summary>The stored form: version, term, vote (0: none), little-endian.</summary>
    public byte[] Encode()
    {
        byte[] bytes = new byte[EncodedBytes];
        bytes[0] = FormatVersion;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(1), Term);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(9), Vote?.Value ?? 0);
        return bytes;
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="FormatException">The bytes are not a hard state of a known version.</exception>
    public static HardState Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != EncodedBytes || bytes[0] != FormatVersion)
        {
            throw new FormatException(
                $"Consensus state: expected {EncodedBytes} bytes of version {FormatVersion}, found {bytes.Length} bytes" +
                (bytes.IsEmpty ? "." : $" of version {bytes[0]}.") + " The log was written by another version or is damaged.");
        }

        ulong term = BinaryPrimitives.ReadUInt64LittleEndian(bytes[1..]);
        int vote = BinaryPrimitives.ReadInt32LittleEndian(bytes[9..]);
        if (vote < 0)
        {
            throw new FormatException($"Consensus state: the vote names node {vote}; node ids begin at 1. The log is damaged.");
        }

        return new HardState(term, vote == 0 ? null : new NodeId(vote));
    }
}
