namespace SimGraph.Tests.Guidance;

/// <summary>A few climbs, as the planner draws it.</summary>
public sealed record StairPlan
{
    public int Height { get; init; } = 100;

    public IReadOnlyList<Climb> Climbs { get; init; } = [];
}
