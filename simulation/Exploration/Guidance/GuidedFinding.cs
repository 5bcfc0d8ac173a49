using SimGraph.Simulation.Exploration.Shrinking;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Exploration.Guidance;

/// <summary>Violations of one class and name.</summary>
/// <param name="First">The first one.</param>
/// <param name="Case">Its run.</param>
/// <param name="IsFresh">Whether that was a fresh seed.</param>
/// <param name="FirstRun">How many runs it took, that one included.</param>
/// <param name="Runs">How many runs show it.</param>
/// <param name="ArtifactPath">Where the first run is recorded; null if nowhere.</param>
/// <param name="ArtifactProblem">Why there is no artifact; null if there is one, or none was asked for.</param>
public sealed record GuidedFinding(
    Violation First, FailingCase Case, bool IsFresh, long FirstRun, long Runs, string? ArtifactPath, string? ArtifactProblem);
