namespace SimGraph.Storage.Log;

/// <summary>Where a log begins and ends.</summary>
/// <param name="Start">It begins behind this position.</param>
/// <param name="Last">Index of the last entry that was accepted; that of the start if there is none.</param>
internal readonly record struct LogExtent(LogPosition Start, ulong Last);
