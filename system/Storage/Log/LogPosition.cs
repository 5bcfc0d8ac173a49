namespace SimGraph.Storage.Log;

/// <summary>Names one entry of the replicated log. The default (0, 0) lies before the first entry.</summary>
/// <param name="Index">Index of the entry.</param>
/// <param name="Term">Term of the leader that created it.</param>
public readonly record struct LogPosition(ulong Index, ulong Term);
