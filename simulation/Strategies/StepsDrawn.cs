namespace SimGraph.Simulation.Strategies;

/// <summary>Steps of a run that has not begun yet, drawn uniformly.</summary>
internal static class StepsDrawn
{
    /// <summary>So many steps below a number of steps, which may be equal; none if that is 0.</summary>
    public static long[] Draw(Func<uint, uint> draw, int count, long stepsExpected)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(stepsExpected);
        if (stepsExpected == 0)
        {
            return [];
        }

        uint bound = (uint)Math.Min(stepsExpected, uint.MaxValue);
        long[] steps = new long[count];
        for (int i = 0; i < count; i++)
        {
            steps[i] = draw(bound);
        }

        return steps;
    }
}
