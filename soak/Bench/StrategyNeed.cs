namespace SimGraph.Soak.Bench;

/// <summary>How many schedules a strategy needs for a bug.</summary>
/// <param name="Median">The lower median of the trials; null if that one did not find it.</param>
/// <param name="Found">In how many trials it was found.</param>
/// <param name="Trials">How many there were.</param>
internal sealed record StrategyNeed(long? Median, int Found, int Trials);
