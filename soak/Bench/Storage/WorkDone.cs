namespace SimGraph.Soak.Bench.Storage;

/// <summary>What a contender did in its slice.</summary>
/// <param name="Operations">How many.</param>
/// <param name="Time">In how much time; null for the whole call.</param>
internal readonly record struct WorkDone(long Operations, TimeSpan? Time = null);
