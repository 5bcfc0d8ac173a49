using SimGraph.Runtime;
using SimGraph.Runtime.Randomness;
using Xunit;

namespace SimGraph.Tests.Conformance;

/// <summary>What every source of random numbers promises. Each check that could fail by chance does so less than once in 2^64 runs.</summary>
public abstract class RandomConformance
{
    private const int Draws = 2000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(int.MaxValue)]
    public void Next_stays_below_its_bound(int bound) => RunOnRandom(random =>
    {
        for (int draw = 0; draw < Draws; draw++)
        {
            Assert.InRange(random.Next(bound), 0, bound - 1);
        }
    });

    [Fact]
    public void Next_without_bound_is_never_negative_and_never_the_maximum() => RunOnRandom(random =>
    {
        for (int draw = 0; draw < Draws; draw++)
        {
            Assert.InRange(random.Next(), 0, int.MaxValue - 1);
        }
    });

    [Theory]
    [InlineData(-5, 5)]
    [InlineData(7, 8)]
    [InlineData(int.MinValue, int.MaxValue)]
    public void Next_stays_between_its_bounds(int low, int high) => RunOnRandom(random =>
    {
        for (int draw = 0; draw < Draws; draw++)
        {
            Assert.InRange(random.Next(low, high), low, high - 1);
        }
    });

    [Fact]
    public void Next_reaches_every_value_of_a_small_range() => RunOnRandom(random =>
    {
        var seen = new SortedSet<int>();
        for (int draw = 0; draw < Draws; draw++)
        {
            seen.Add(random.Next(10));
        }

        Assert.Equal(10, seen.Count);
    });

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-3, 4)]
    [InlineData(0, long.MaxValue)]
    [InlineData(long.MinValue, long.MaxValue)]
    public void NextInt64_stays_between_its_bounds(long low, long high) => RunOnRandom(random =>
    {
        for (int draw = 0; draw < Draws; draw++)
        {
            Assert.InRange(random.NextInt64(low, high), low, high - 1);
        }
    });

    [Fact]
    public void NextInt64_reaches_beyond_32_bits() => RunOnRandom(random =>
    {
        bool large = false;
        for (int draw = 0; draw < Draws; draw++)
        {
            large |= random.NextInt64() > uint.MaxValue;
        }

        Assert.True(large);
    });

    [Fact]
    public void NextDouble_stays_in_the_unit_interval_and_fills_it() => RunOnRandom(random =>
    {
        double lowest = 1;
        double highest = 0;
        for (int draw = 0; draw < Draws; draw++)
        {
            double value = random.NextDouble();
            Assert.True(value is >= 0 and < 1, $"{value} is outside");
            lowest = Math.Min(lowest, value);
            highest = Math.Max(highest, value);
            Assert.True(random.NextSingle() is >= 0 and < 1);
        }

        Assert.True(lowest < 0.1 && highest > 0.9, $"{Draws} draws lie between {lowest} and {highest}");
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(1000)]
    public void NextBytes_fills_the_whole_buffer(int length) => RunOnRandom(random =>
    {
        var everSet = new byte[length];
        for (int round = 0; round < 32; round++)
        {
            byte[] array = new byte[length];
            random.NextBytes(array);
            byte[] span = new byte[length];
            random.NextBytes(span.AsSpan());
            for (int i = 0; i < length; i++)
            {
                everSet[i] |= (byte)(array[i] | span[i]);
            }
        }

        Assert.DoesNotContain((byte)0, everSet);
    });

    [Fact]
    public void Bad_bounds_are_refused() => RunOnRandom(random =>
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Next(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Next(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextInt64(2, 1));
    });

    [Fact]
    public void Different_purposes_give_different_numbers() => Run(platform =>
    {
        IRandomSource source = platform.Random;
        Assert.NotEqual(Bytes(source.Get("conformance.first")), Bytes(source.Get("conformance.second")));
        return Task.CompletedTask;
    });

    [Fact]
    public void A_purpose_asked_for_again_continues() => Run(platform =>
    {
        IRandomSource source = platform.Random;
        Assert.NotEqual(Bytes(source.Get("conformance.again")), Bytes(source.Get("conformance.again")));
        return Task.CompletedTask;
    });

    /// <summary>Runs the body to its end on the platform under test.</summary>
    protected abstract void Run(Func<IPlatform, Task> body);

    /// <summary>The first bytes of a stream.</summary>
    protected static byte[] Bytes(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        byte[] bytes = new byte[32];
        random.NextBytes(bytes);
        return bytes;
    }

    private void RunOnRandom(Action<Random> body) => Run(platform =>
    {
        body(platform.Random.Get("conformance"));
        return Task.CompletedTask;
    });
}
