namespace SimGraph.Simulation.Trace;

/// <summary>The rolling hash at a step.</summary>
public readonly record struct HashCheckpoint(long Step, ulong Hash);
