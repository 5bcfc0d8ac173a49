using System.Buffers.Binary;

namespace SimGraph.Soak.Bench.Storage;

/// <summary>The pairs of the stores, the same for all: keys of 16 bytes that ascend in no order, values of 100 bytes that do not compress.</summary>
internal sealed class StoreData
{
    public const int KeyBytes = 16;
    public const int ValueBytes = 100;
    private readonly byte[] _noise = new byte[1 << 20];

    public StoreData() => new Random(1).NextBytes(_noise);

    public static byte[] Key(long number)
    {
        byte[] key = new byte[KeyBytes];
        WriteKey(key, number);
        return key;
    }

    public static void WriteKey(Span<byte> key, long number)
    {
        BinaryPrimitives.WriteUInt64BigEndian(key, Mixed((ulong)number));
        BinaryPrimitives.WriteInt64BigEndian(key[sizeof(ulong)..], number);
    }

    public byte[] Value(long number) => _noise.AsSpan((int)(number * 31 % (_noise.Length - ValueBytes)), ValueBytes).ToArray();

    // The finaliser of SplitMix64 (Steele, Lea and Flood 2014): a permutation, so keys are distinct.
    private static ulong Mixed(ulong number)
    {
        number += 0x9E37_79B9_7F4A_7C15;
        number = (number ^ (number >> 30)) * 0xBF58_476D_1CE4_E5B9;
        number = (number ^ (number >> 27)) * 0x94D0_49BB_1331_11EB;
        return number ^ (number >> 31);
    }
}
