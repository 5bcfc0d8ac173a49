using SimGraph.Properties.Bench;

namespace SimGraph.Soak.Bench;

/// <summary>How long clients waited when leaders went down.</summary>
/// <param name="Profile">Faults of the network besides.</param>
/// <param name="Nodes">Voting members.</param>
/// <param name="End">How leaders went down.</param>
/// <param name="Crashes">How often.</param>
/// <param name="ElectionTimeout">What the members were told.</param>
/// <param name="Elections">How long nobody led, in ascending order.</param>
/// <param name="Waits">Of each client at each crash, in ascending order.</param>
internal sealed record FailoverRate(
    string Profile, int Nodes, LeaderEnd End, int Crashes, TimeSpan ElectionTimeout, IReadOnlyList<TimeSpan> Elections, IReadOnlyList<TimeSpan> Waits)
{
    /// <summary>The time that a share of all times, which are in ascending order, does not exceed.</summary>
    public static TimeSpan Quantile(IReadOnlyList<TimeSpan> times, double share) =>
        times.Count == 0 ? TimeSpan.Zero : times[Math.Min((int)(share * times.Count), times.Count - 1)];
}
