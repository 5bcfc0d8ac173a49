namespace SimGraph.Properties.Linearizability.Models;

/// <summary>An operation on a key.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Key">The key.</param>
/// <param name="Text">What was read, is to be put or appended.</param>
/// <param name="Outcome">How it ended; nothing is ever refused.</param>
internal sealed record KeyValueAction(KeyValueActionKind Kind, string Key, string Text, Outcome Outcome);
