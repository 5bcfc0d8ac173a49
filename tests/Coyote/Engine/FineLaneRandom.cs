using Microsoft.Coyote.Random;
using SimGraph.Runtime.Randomness;

namespace SimGraph.Coyote.Tests.Engine;

/// <summary>Random numbers that are choices of Coyote's, so that a trace replays them.</summary>
internal sealed class FineLaneRandom : Random, IRandomSource
{
    private readonly Generator _generator = Generator.Create();

    public Random Get(string purpose) => this;

    public override int Next() => _generator.NextInteger(int.MaxValue);

    public override int Next(int maxValue) => maxValue <= 1 ? 0 : _generator.NextInteger(maxValue);

    public override int Next(int minValue, int maxValue) => minValue + Next(maxValue - minValue);

    public override long NextInt64() => ((long)Next() << 31) | (uint)Next();

    public override long NextInt64(long maxValue) => NextInt64() % maxValue;

    public override long NextInt64(long minValue, long maxValue) => minValue + NextInt64(maxValue - minValue);

    public override double NextDouble() => Sample();

    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    public override void NextBytes(Span<byte> buffer)
    {
        foreach (ref byte b in buffer)
        {
            b = (byte)_generator.NextInteger(256);
        }
    }

    protected override double Sample() => _generator.NextInteger(1 << 20) / (double)(1 << 20);
}
