namespace SimGraph.Soak.Bench.Storage;

/// <summary>A store of keys and values that takes part.</summary>
/// <param name="Name">Who. What is not as promised says so here.</param>
/// <param name="TakesManyWriters">False for what has no group commit.</param>
/// <param name="Blocks">True if a write blocks its thread: then each writer gets a thread of its own.</param>
/// <param name="OpenAsync">Creates an empty store in a folder, which exists and is empty.</param>
internal sealed record StoreContender(string Name, bool TakesManyWriters, bool Blocks, Func<string, StoreDurability, Task<IMeasuredStore>> OpenAsync);
