namespace SimGraph.Properties.Linearizability.Models;

/// <summary>The text of a key.</summary>
internal readonly record struct KeyValueState(string Text);
