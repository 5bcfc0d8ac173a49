namespace SimGraph.Simulation.Kernel;

/// <summary>How often a probe was evaluated, and how often its condition held.</summary>
public readonly record struct ProbeCount(ProbeKind Kind, long Evaluations, long Hits);
