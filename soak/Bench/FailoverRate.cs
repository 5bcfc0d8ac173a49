using SimGraph.Properties.Bench;

namespace SimGraph.Soak.Bench;

/// <summary>How long clients waited when leaders went down.</summary>
/// <param name="Profile">Faults of the network besides.</param>
/// <param name="Nodes">Voting members.</param>
/// <param name="End">How leaders went down.</param>
/// <param name="Crashes">How often.</param>
/// <param name="ElectionTimeout">What the members were told.</param>
/// <param name="Waits">Of each client at each crash, in ascending order.</param>
internal sealed record FailoverRate(string Profile, int Nodes, LeaderEnd End, int Crashes, TimeSpan ElectionTimeout, IReadOnlyList<TimeSpan> Waits)
{
    /// <summary>The wait that a share of all waits does not exceed.</summary>
    public TimeSpan Quantile(double share) => Waits.Count == 0 ? TimeSpan.Zero : Waits[Math.Min((int)(share * Waits.Count), Waits.Count - 1)];
}
