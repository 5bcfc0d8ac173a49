namespace SimGraph.Simulation.Exploration.Causes;

/// <summary>Other courses from one moment on.</summary>
/// <param name="Choices">How many choices were left as they were.</param>
/// <param name="Escaped">Courses that did not fail in the same way.</param>
/// <param name="Tried">Courses that were tried.</param>
public sealed record CauseTrial(long Choices, int Escaped, int Tried);
