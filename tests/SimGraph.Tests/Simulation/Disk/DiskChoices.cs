using FsCheck;
using FsCheck.Fluent;
using SimGraph.Simulation.Disk;

namespace SimGraph.Tests.Simulation.Disk;

/// <summary>A finite list of numbers that decides what a property does; FsCheck makes it up and shrinks it. Behind its end every choice is 0.</summary>
internal sealed class DiskChoices(int[] numbers)
{
    private int _at;

    public bool AreLeft => _at < numbers.Length;

    public int Next(int bound) => _at < numbers.Length ? (int)((uint)numbers[_at++] % (uint)bound) : 0;

    /// <summary>An endless chooser made from one choice, which does not run dry however much was drawn before.</summary>
    public DiskChooser Chooser()
    {
        ulong state = (ulong)Next(int.MaxValue);
        return (_, bound) =>
        {
            state = (state * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
            return (uint)((state >> 33) % bound);
        };
    }

    public byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        bytes.AsSpan().Fill((byte)(1 + Next(255)));
        return bytes;
    }

    public static void Check(int tests, int sizeMax, Action<DiskChoices> property)
    {
        Arbitrary<int[]> numbers = Arb.From(Gen.Choose(0, int.MaxValue - 1).ArrayOf(), ArbMap.Default.ArbFor<int[]>().Shrinker);
        FsCheck.Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(tests).WithEndSize(sizeMax),
            Prop.ForAll(numbers, array => property(new DiskChoices(array))));
    }
}
