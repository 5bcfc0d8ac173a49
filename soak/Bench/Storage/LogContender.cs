namespace SimGraph.Soak.Bench.Storage;

/// <summary>A log that takes part.</summary>
/// <param name="Name">Who. What is not durable says so here.</param>
/// <param name="TakesManyWriters">False for what has no group commit.</param>
/// <param name="Blocks">True if an append blocks its thread: then each writer gets a thread of its own.</param>
/// <param name="OpenAsync">Creates an empty log in a folder, which exists and is empty.</param>
internal sealed record LogContender(string Name, bool TakesManyWriters, bool Blocks, Func<string, Task<IMeasuredLog>> OpenAsync);
