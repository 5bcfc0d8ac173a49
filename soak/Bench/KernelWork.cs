namespace SimGraph.Soak.Bench;

/// <summary>What a measurement runs.</summary>
internal readonly record struct KernelWork(int Tasks, bool Sleeps);
