namespace SimGraph.Tests.Shrinking;

public sealed record Errand(TimeSpan At, ErrandKind Kind, int Weight);
