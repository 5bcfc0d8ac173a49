namespace SimGraph.Tests.Shrinking;

public sealed record RoadOptions
{
    public bool Holes { get; init; }

    public int Bends { get; init; } = 7;
}
