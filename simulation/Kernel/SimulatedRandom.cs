using SimGraph.Simulation.Choices;

namespace SimGraph.Simulation.Kernel;

/// <summary>A <see cref="Random"/> whose every draw is a choice of the run.</summary>
internal sealed class SimulatedRandom(Machine machine, ChoiceSite site) : Random(0)
{
    private const double Scale = 1.0 / (1UL << 53);

    public override int Next() => (int)Draw(int.MaxValue);

    public override int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return maxValue <= 1 ? 0 : (int)Draw((uint)maxValue);
    }

    public override int Next(int minValue, int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        uint range = (uint)((long)maxValue - minValue);
        return range <= 1 ? minValue : (int)(minValue + Draw(range));
    }

    public override long NextInt64() => NextInt64(long.MaxValue);

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

    private uint Draw(uint bound) => machine.World.Choose(site, machine, bound);

    private ulong Draw64() => ((ulong)Draw(1u << 31) << 33) ^ ((ulong)Draw(1u << 31) << 11) ^ Draw(1u << 11);
}
