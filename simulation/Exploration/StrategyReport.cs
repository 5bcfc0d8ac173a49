namespace SimGraph.Simulation.Exploration;

/// <summary>What one strategy of a campaign did and found.</summary>
public sealed record StrategyReport
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Runs: schedules.</summary>
    public required long Runs { get; init; }

    /// <summary>Steps of all runs.</summary>
    public required long Steps { get; init; }

    /// <summary>Whether it has run every schedule within its bounds.</summary>
    public required bool Exhausted { get; init; }

    /// <summary>Whether a bound kept it from alternatives.</summary>
    public required bool CameToBound { get; init; }

    /// <summary>Violations by class and name, in order of their first runs.</summary>
    public required IReadOnlyList<StrategyFinding> Findings { get; init; }

    /// <summary>Hash over the hashes of all runs, in order.</summary>
    public required ulong Hash { get; init; }
}
