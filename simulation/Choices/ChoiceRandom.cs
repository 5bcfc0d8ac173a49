namespace SimGraph.Simulation.Choices;

/// <summary>A <see cref="Random"/> whose every draw is a choice, so that it is recorded, replayed and can shrink.</summary>
#pragma warning disable RS0030 // The base class's own stream is never drawn from.
public abstract class ChoiceRandom() : Random(0)
#pragma warning restore RS0030
{
    private const double Scale = 1.0 / (1UL << 53);

    /// <inheritdoc/>
    public override int Next() => (int)Draw(int.MaxValue);

    /// <inheritdoc/>
    public override int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return maxValue <= 1 ? 0 : (int)Draw((uint)maxValue);
    }

    /// <inheritdoc/>
    public override int Next(int minValue, int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        uint range = (uint)((long)maxValue - minValue);
        return range <= 1 ? minValue : (int)(minValue + Draw(range));
    }

    /// <inheritdoc/>
    public override long NextInt64() => NextInt64(0, long.MaxValue);

    /// <inheritdoc/>
    public override long NextInt64(long maxValue) => NextInt64(0, maxValue);

    /// <inheritdoc/>
    public override long NextInt64(long minValue, long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        ulong range = (ulong)maxValue - (ulong)minValue;
        return range <= 1 ? minValue : (long)((ulong)minValue + (ulong)(((UInt128)Draw64() * range) >> 64));
    }

    /// <inheritdoc/>
    public override double NextDouble() => (Draw64() >> 11) * Scale;

    /// <inheritdoc/>
    public override float NextSingle() => Draw(1 << 24) * (1.0f / (1 << 24));

    /// <inheritdoc/>
    public override void NextBytes(byte[] buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        NextBytes(buffer.AsSpan());
    }

    /// <inheritdoc/>
    public override void NextBytes(Span<byte> buffer)
    {
        for (int i = 0; i < buffer.Length; i++)
        {
            buffer[i] = (byte)Draw(256);
        }
    }

    /// <summary>A choice below the bound, which is at least 1.</summary>
    protected abstract uint Draw(uint bound);

    /// <summary>64 bits, from as many choices as that takes.</summary>
    protected abstract ulong Draw64();

    /// <inheritdoc/>
    protected override double Sample() => NextDouble();
}
