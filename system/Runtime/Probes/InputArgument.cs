namespace SimGraph.Runtime.Probes;

/// <summary>Something that a call of a component was given.</summary>
/// <param name="Name">Stable, lower case.</param>
/// <param name="Values">One number, or one for each of several things.</param>
public readonly record struct InputArgument(string Name, IReadOnlyList<long> Values);
