namespace SimGraph.Storage.Log;

/// <summary>A place in the log: the entry with this index and term. The default is the beginning, before the first entry.</summary>
public readonly record struct LogPosition(ulong Index, ulong Term);
