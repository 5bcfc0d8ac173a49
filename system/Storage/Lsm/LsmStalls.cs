namespace SimGraph.Storage.Lsm;

/// <summary>Writes that had to wait for room.</summary>
/// <param name="Count">How many.</param>
/// <param name="Total">How long together.</param>
/// <param name="Longest">The longest.</param>
/// <param name="Histogram">How many took below 1 ms, 1 to 2 ms, 2 to 4 ms and so on; the last all longer ones.</param>
public sealed record LsmStalls(long Count, TimeSpan Total, TimeSpan Longest, IReadOnlyList<long> Histogram);
