namespace SimGraph.Tests.Shrinking;

public sealed record RoadOptions
{
    public bool Holes { get; init; }

    public int Bends { get; init; } = 7;

    public Lamp Light { get; init; } = new(TimeSpan.FromMilliseconds(1_300), 3);

    public TimeSpan Length { get; init; } = TimeSpan.FromMilliseconds(2_700);
}
