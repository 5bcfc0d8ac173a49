using SimGraph.Simulation.Exploration.Shrinking;

namespace SimGraph.Tests.Shrinking;

/// <summary>A plan with everything that plans are made of.</summary>
public sealed record ErrandPlan
{
    [ShrinksToLeast(1)]
    public int Couriers { get; init; } = 1;

    [ShrinksToLeast(1)]
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(1);

    public int Fuel { get; init; } = 50;

    public TimeSpan Rest { get; init; } = TimeSpan.FromMilliseconds(1_500);

    public bool Rain { get; init; }

    public RoadOptions Road { get; init; } = new();

    public IReadOnlyList<Errand> Errands { get; init; } = [];
}
