namespace SimGraph.Soak.Bench;

/// <summary>What a measurement runs.</summary>
/// <param name="Tasks">How many at a time.</param>
/// <param name="Step">What each does in a step, besides giving way.</param>
/// <param name="Covers">Whether coverage is noted, as guided exploration has it.</param>
internal readonly record struct KernelWork(int Tasks, KernelStep Step, bool Covers = false);
