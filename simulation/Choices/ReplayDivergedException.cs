namespace SimGraph.Simulation.Choices;

/// <summary>A replay left its recording: the code has changed since, or the run is not deterministic.</summary>
public sealed class ReplayDivergedException(string message) : Exception(message);
