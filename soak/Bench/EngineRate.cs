namespace SimGraph.Soak.Bench;

/// <summary>How fast an engine runs a small workload.</summary>
/// <param name="RunsPerSecond">Whole runs.</param>
/// <param name="StepsPerSecond">Steps as the engine counts them itself.</param>
/// <param name="StepsPerRun">Steps of one run, as it counts them.</param>
internal readonly record struct EngineRate(double RunsPerSecond, double StepsPerSecond, double StepsPerRun);
