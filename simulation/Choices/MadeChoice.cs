namespace SimGraph.Simulation.Choices;

/// <summary>A choice and its answer.</summary>
/// <param name="Site">What was chosen, such as <c>network.latency</c>.</param>
/// <param name="Machine">Index of the machine it was chosen for; 0 is the world.</param>
/// <param name="Ordinal">How many choices of this site were made for this machine before.</param>
/// <param name="Bound">Answers are below it.</param>
/// <param name="Value">The answer.</param>
public sealed record MadeChoice(string Site, int Machine, ulong Ordinal, uint Bound, uint Value);
