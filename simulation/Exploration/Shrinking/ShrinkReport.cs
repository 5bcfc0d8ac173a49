
namespace SimGraph.Simulation.Exploration.Shrinking;

/// <summary>What a shrink came to.</summary>
/// <param name="Smallest">The smallest case that still fails in the same way.</param>
/// <param name="First">How the case failed that it began with.</param>
/// <param name="Last">How the smallest fails.</param>
/// <param name="Candidates">Cases that were tried.</param>
/// <param name="Accepted">Those that became the next.</param>
/// <param name="Elapsed">Real time that it took.</param>
/// <param name="IsFinished">Whether nothing smaller was left to try; false when the time was up or somebody interrupted.</param>
public sealed record ShrinkReport(
    FailingCase Smallest, ScenarioOutcome First, ScenarioOutcome Last, long Candidates, long Accepted, TimeSpan Elapsed, bool IsFinished);
