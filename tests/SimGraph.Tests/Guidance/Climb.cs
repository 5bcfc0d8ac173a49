namespace SimGraph.Tests.Guidance;

public sealed record Climb(TimeSpan At, int Steps);
