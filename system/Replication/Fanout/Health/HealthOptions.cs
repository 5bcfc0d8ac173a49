namespace SimGraph.Replication.Fanout.Health;

/// <summary>When a read replica counts as degraded or unhealthy. All times are on the publisher's clock alone.</summary>
public sealed record HealthOptions
{
    /// <summary>Degraded when what it misses has been there for longer. 10 s.</summary>
    public TimeSpan LagMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Degraded when it is behind by more entries. 1,000.</summary>
    public ulong IndexesBehindMax { get; init; } = 1000;

    /// <summary>Degraded when its last report is older. 5 s.</summary>
    public TimeSpan ReportLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Unhealthy when its last report is older. 30 s.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Replicas that are remembered; the one that was silent longest goes when there would be more. 64.</summary>
    public int ReplicasMax { get; init; } = 64;

    /// <summary>Throws when a setting makes no sense.</summary>
    /// <exception cref="ArgumentException">Which one, and what is allowed.</exception>
    public void Validate()
    {
        Require(LagMax > TimeSpan.Zero, $"{nameof(LagMax)} is {LagMax}, it must be positive");
        Require(IndexesBehindMax >= 1, $"{nameof(IndexesBehindMax)} is 0, it must be at least 1");
        Require(ReportLimit > TimeSpan.Zero, $"{nameof(ReportLimit)} is {ReportLimit}, it must be positive");
        Require(SilenceLimit > ReportLimit, $"{nameof(SilenceLimit)} is {SilenceLimit}, it must be above {nameof(ReportLimit)}");
        Require(ReplicasMax is >= 1 and <= 10_000, $"{nameof(ReplicasMax)} is {ReplicasMax}, allowed is 1 to 10000");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException($"health options: {message}");
        }
    }
}
