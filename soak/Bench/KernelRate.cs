namespace SimGraph.Soak.Bench;

/// <summary>How fast a workload ran.</summary>
internal readonly record struct KernelRate(KernelWork Work, double StepsPerSecond, double BytesPerStep);
