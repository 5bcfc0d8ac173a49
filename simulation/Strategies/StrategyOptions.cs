namespace SimGraph.Simulation.Strategies;

/// <summary>Bounds of the strategies.</summary>
public sealed record StrategyOptions
{
    /// <summary>The depth of bugs that PCT looks for: one change point less. Default 3.</summary>
    public int Depth { get; init; } = 3;

    /// <summary>Delays of the delay-bounded scheduler. Default 2.</summary>
    public int Delays { get; init; } = 2;

    /// <summary>Decisions of a run whose alternatives a depth-first search tries. Default 10,000.</summary>
    public int DecisionsMax { get; init; } = 10_000;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Depth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Depth, 64);
        ArgumentOutOfRangeException.ThrowIfNegative(Delays);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Delays, 64);
        ArgumentOutOfRangeException.ThrowIfLessThan(DecisionsMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(DecisionsMax, 1_000_000);
    }
}
