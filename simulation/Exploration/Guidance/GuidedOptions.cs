namespace SimGraph.Simulation.Exploration.Guidance;

/// <summary>What a guided campaign runs, and until when.</summary>
public sealed record GuidedOptions
{
    /// <summary>One of <see cref="Profiles"/>.</summary>
    public string Profile { get; init; } = Profiles.Swarm;

    /// <summary>The first fresh seed; the others follow it, and everything else is derived from it.</summary>
    public ulong FromSeed { get; init; } = 1;

    /// <summary>How many runs; null for no limit.</summary>
    public long? Runs { get; init; }

    /// <summary>For how long new runs begin; null for no limit.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Ends when so many runs in a row have shown no new pair; null for never.</summary>
    public long? FlatRuns { get; init; }

    /// <summary>Share of fresh seeds, in percent; the rest are variants of runs that showed something new. Default 30.</summary>
    public int FreshPercent { get; init; } = 30;

    /// <summary>How many runs at a time, each on a thread of its own. The result of a number of runs does not depend on it.</summary>
    public int Jobs { get; init; } = Environment.ProcessorCount;

    /// <summary>Go on after a violation.</summary>
    public bool KeepGoing { get; init; }

    /// <summary>Where artifacts of failed runs go; null for none.</summary>
    public string? ArtifactFolder { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        Profiles.Check(Profile);
        ArgumentOutOfRangeException.ThrowIfLessThan(Jobs, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Jobs, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(FreshPercent, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(FreshPercent, 100);
        ArgumentOutOfRangeException.ThrowIfLessThan(Runs ?? 1, 1, nameof(Runs));
        ArgumentOutOfRangeException.ThrowIfLessThan(FlatRuns ?? 1, 1, nameof(FlatRuns));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Time ?? TimeSpan.MaxValue, TimeSpan.Zero, nameof(Time));
    }
}
