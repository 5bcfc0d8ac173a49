namespace SimGraph.Tests.Shrinking;

public sealed record Lamp(TimeSpan Delay, int Number);
