namespace SimGraph.Simulation.Exploration;

/// <summary>How often a kind of fault was injected.</summary>
/// <param name="Total">In all runs together.</param>
/// <param name="Runs">Number of runs in which it was injected at least once.</param>
public readonly record struct FaultCount(long Total, long Runs);
