namespace SimGraph.Tests.Causes;

/// <summary>Dice with so many sides, thrown one after the other.</summary>
public sealed record DicePlan
{
    public IReadOnlyList<int> Dice { get; init; } = [];
}
