using System.Text;
using SimGraph.Storage;
using Xunit;

namespace SimGraph.Tests.Storage.WriteAhead;

public sealed class Crc32CTests
{
    private const uint ReversedPolynomial = 0x82F6_3B78;

    [Fact]
    public void It_is_the_castagnoli_checksum() => Assert.Equal(0xE306_9283u, Crc32C.Compute(Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void Of_any_length_and_behind_any_seed_it_equals_the_bit_by_bit_definition()
    {
        byte[] bytes = new byte[20_000];
        new Random(1).NextBytes(bytes);
        foreach (int length in Lengths())
        {
            ReadOnlySpan<byte> part = bytes.AsSpan(bytes.Length - length);
            Assert.Equal(BitByBit(part, 0), Crc32C.Compute(part));
            Assert.Equal(BitByBit(part, 0xDEAD_BEEF), Crc32C.Compute(part, 0xDEAD_BEEF));
        }
    }

    [Fact]
    public void The_checksum_of_two_parts_is_that_of_the_whole()
    {
        byte[] bytes = new byte[9_000];
        new Random(2).NextBytes(bytes);
        for (int cut = 0; cut <= bytes.Length; cut += 97)
        {
            Assert.Equal(Crc32C.Compute(bytes), Crc32C.Compute(bytes.AsSpan(cut), Crc32C.Compute(bytes.AsSpan(0, cut))));
        }
    }

    private static IEnumerable<int> Lengths() => [.. Enumerable.Range(0, 40), 255, 767, 768, 769, 1536, 6143, 6144, 6145, 6911, 6912, 13_061, 19_999];

    private static uint BitByBit(ReadOnlySpan<byte> bytes, uint seed)
    {
        uint crc = ~seed;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ ReversedPolynomial;
            }
        }

        return ~crc;
    }
}
