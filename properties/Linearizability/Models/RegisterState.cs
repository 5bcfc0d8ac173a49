namespace SimGraph.Properties.Linearizability.Models;

/// <summary>What a register holds; null before the first write.</summary>
internal readonly record struct RegisterState(long? Value);
