using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Exploration;

/// <summary>What a run of a scenario did.</summary>
/// <param name="Result">Verdict, hash and counts.</param>
/// <param name="Options">What was drawn for this run (machines, clients, fault kinds, limits), in a fixed order, for printing.</param>
public sealed record ScenarioOutcome(RunResult Result, IReadOnlyList<KeyValuePair<string, string>> Options);
