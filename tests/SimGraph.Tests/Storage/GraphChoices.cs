using FsCheck;
using FsCheck.Fluent;

namespace SimGraph.Tests.Storage;

/// <summary>A finite list of numbers that decides everything a test makes up; FsCheck shrinks the list. Past its end every choice is 0.</summary>
internal sealed class GraphChoices(int[] numbers)
{
    private int _at;

    public bool AreLeft => _at < numbers.Length;

    public int Next(int bound) => _at < numbers.Length ? (int)((uint)numbers[_at++] % (uint)bound) : 0;

    /// <summary>Checks a property of lists of choices that takes its time.</summary>
    public static void CheckAsync(int tests, int sizeMax, Func<GraphChoices, Task> property)
    {
        Arbitrary<int[]> numbers = Arb.From(
            Gen.Choose(0, int.MaxValue - 1).ArrayOf(), ArbMap.Default.ArbFor<int[]>().Shrinker);
        FsCheck.Check.One(
            Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(tests).WithEndSize(sizeMax),
            Prop.ForAll(numbers, array => property(new GraphChoices(array))));
    }

    /// <summary>Checks a property of lists of choices.</summary>
    public static void Check(int tests, int sizeMax, Action<GraphChoices> property)
    {
        Arbitrary<int[]> numbers = Arb.From(
            Gen.Choose(0, int.MaxValue - 1).ArrayOf(), ArbMap.Default.ArbFor<int[]>().Shrinker);
        FsCheck.Check.One(
            Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(tests).WithEndSize(sizeMax),
            Prop.ForAll(numbers, array => property(new GraphChoices(array))));
    }
}
