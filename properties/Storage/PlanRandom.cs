using SimGraph.Simulation.Choices;

namespace SimGraph.Properties.Storage;

/// <summary>A <see cref="Random"/> whose every draw is a choice of the run, made before there is a world: what is drawn from it is recorded, replayed and can shrink.</summary>
#pragma warning disable RS0030 // The base class's own stream is never drawn from.
internal sealed class PlanRandom(PlanChoices choices, string option) : Random(0)
#pragma warning restore RS0030
{
    private const double Scale = 1.0 / (1UL << 53);

    public override int Next() => Draw(int.MaxValue);

    public override int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return maxValue <= 1 ? 0 : Draw(maxValue);
    }

    public override int Next(int minValue, int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        long range = (long)maxValue - minValue;
        return range <= 1 ? minValue : range <= int.MaxValue ? minValue + Draw((int)range) : (int)NextInt64(minValue, maxValue);
    }

    public override long NextInt64() => NextInt64(0, long.MaxValue);

    public override long NextInt64(long maxValue) => NextInt64(0, maxValue);

    public override long NextInt64(long minValue, long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        ulong range = (ulong)maxValue - (ulong)minValue;
        return range <= 1 ? minValue : (long)((ulong)minValue + (ulong)(((UInt128)Draw64() * range) >> 64));
    }

    public override double NextDouble() => (Draw64() >> 11) * Scale;

    public override float NextSingle() => Draw(1 << 24) * (1.0f / (1 << 24));

    public override void NextBytes(byte[] buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        NextBytes(buffer.AsSpan());
    }

    public override void NextBytes(Span<byte> buffer)
    {
        for (int i = 0; i < buffer.Length; i++)
        {
            buffer[i] = (byte)Draw(256);
        }
    }

    protected override double Sample() => NextDouble();

    private int Draw(int bound) => choices.Draw(option, bound);

    private ulong Draw64() => ((ulong)Draw(1 << 30) << 34) ^ ((ulong)Draw(1 << 30) << 14) ^ (ulong)Draw(1 << 14);
}
