using System.Text;
using SimGraph.Storage.Lsm.Tables;
using Xunit;

namespace SimGraph.Tests.Storage.Lsm;

public sealed class BloomFilterTests
{
    private static ulong Hash(string key) => BloomFilter.HashOf(Encoding.UTF8.GetBytes(key));

    private static BloomFilter Of(int keys, int bitsPerKey, ulong builtFor, ulong readAs)
    {
        var buffer = new OutputBuffer(16);
        BloomFilter.Build(buffer, [.. Enumerable.Range(0, keys).Select(number => Hash($"present {number}"))], bitsPerKey, builtFor);
        return BloomFilter.TryRead(buffer.Memory.ToArray(), readAs)!;
    }

    private static int Passing(BloomFilter filter, string word, int count) =>
        Enumerable.Range(0, count).Count(number => filter.MayContain(Hash($"{word} {number}")));

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(40_000)]
    public void No_present_key_is_denied_and_about_one_in_a_hundred_absent_ones_passes(int keys)
    {
        BloomFilter filter = Of(keys, 10, 3, 3);
        Assert.Equal(keys, Passing(filter, "present", keys));
        Assert.InRange(Passing(filter, "absent", 100_000), 0, 2000);
    }

    [Fact]
    public void The_filter_of_another_table_denies_nearly_all_keys_so_its_use_cannot_stay_unnoticed()
    {
        BloomFilter wrong = Of(10_000, 10, 3, 4);
        Assert.InRange(Passing(wrong, "present", 10_000), 0, 200);
    }

    [Fact]
    public void Without_bits_every_key_passes()
    {
        Assert.Equal(10, Passing(Of(10, 0, 1, 1), "absent", 10));
        Assert.Equal(10, Passing(Of(0, 10, 1, 1), "absent", 10));
    }

    [Fact]
    public void A_payload_that_is_no_filter_is_refused()
    {
        Assert.Null(BloomFilter.TryRead(new byte[3], 1));
        Assert.Null(BloomFilter.TryRead(new byte[4 + 64], 1));
        Assert.Null(BloomFilter.TryRead(new byte[] { 6, 0, 0, 0 }, 1));
        Assert.Null(BloomFilter.TryRead(new byte[] { 6, 0, 0, 0, 1 }, 1));
        Assert.Null(BloomFilter.TryRead((byte[])[0xFF, 0xFF, 0xFF, 0xFF, .. new byte[64]], 1));
    }
}
