using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Exploration;

/// <summary>Violations of one class and name that one strategy found.</summary>
/// <param name="First">The first one.</param>
/// <param name="Seed">The seed of its run.</param>
/// <param name="FirstRun">How many runs of the strategy it took, that one included.</param>
/// <param name="Runs">How many runs show it.</param>
/// <param name="ArtifactPath">Where the first run is recorded; null if nowhere.</param>
/// <param name="ArtifactProblem">Why there is no artifact; null if there is one, or none was asked for.</param>
public sealed record StrategyFinding(Violation First, ulong Seed, long FirstRun, long Runs, string? ArtifactPath, string? ArtifactProblem);
