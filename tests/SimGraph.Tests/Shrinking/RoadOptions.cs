namespace SimGraph.Tests.Shrinking;

public sealed record RoadOptions
{
    public bool Holes { get; init; }

    public int Bends { get; init; } = 7;

    public TimeSpan Length { get; init; } = TimeSpan.FromMilliseconds(2_700);
}
