namespace SimGraph.Simulation.Exploration;

/// <summary>Where a campaign is, for a live view.</summary>
public sealed record CampaignProgress
{
    /// <summary>Real time since it began.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Seeds completed.</summary>
    public required long Runs { get; init; }

    /// <summary>Steps of all completed runs, repeated ones included.</summary>
    public required long Steps { get; init; }

    /// <summary>Virtual time of all completed runs.</summary>
    public required TimeSpan VirtualTime { get; init; }

    /// <summary>Faults injected.</summary>
    public required long Faults { get; init; }

    /// <summary>Runs with a violation.</summary>
    public required long Violations { get; init; }

    /// <summary>The largest seed that was begun.</summary>
    public required ulong LastSeed { get; init; }

    /// <summary>Counters of the scenario, summed.</summary>
    public required IReadOnlyDictionary<string, long> Counters { get; init; }
}
