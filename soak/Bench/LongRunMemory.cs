namespace SimGraph.Soak.Bench;

/// <summary>Memory after a long run, its result still held.</summary>
internal readonly record struct LongRunMemory(long Steps, long HeapGrowthBytes, long HeapBytes, long WorkingSetBytes, long PeakWorkingSetBytes);
