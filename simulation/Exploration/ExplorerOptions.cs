namespace SimGraph.Simulation.Exploration;

/// <summary>What a campaign runs, and until when.</summary>
public sealed record ExplorerOptions
{
    /// <summary>One of <see cref="Profiles"/>.</summary>
    public string Profile { get; init; } = Profiles.Swarm;

    /// <summary>The first seed; the others follow it.</summary>
    public ulong FromSeed { get; init; } = 1;

    /// <summary>How many seeds; null for no limit.</summary>
    public long? Seeds { get; init; }

    /// <summary>For how long new runs begin; null for no limit.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>How many runs at a time, each on a thread of its own. Default: the number of cores.</summary>
    public int Jobs { get; init; } = Environment.ProcessorCount;

    /// <summary>Go on after a violation.</summary>
    public bool KeepGoing { get; init; }

    /// <summary>Which share of the runs is run twice, to find nondeterminism. Default 5.</summary>
    public int RunTwicePercent { get; init; } = 5;

    /// <summary>Where artifacts of failed runs go; null for none.</summary>
    public string? ArtifactFolder { get; init; }

    /// <summary>How long one run may take in real time. Default 10 minutes.</summary>
    public TimeSpan RunTimeMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long runs in flight may go on when the time is up. Default 10 seconds.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        Profiles.Check(Profile);
        ArgumentOutOfRangeException.ThrowIfLessThan(Jobs, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Jobs, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(RunTwicePercent, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(RunTwicePercent, 100);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RunTimeMax, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Grace, TimeSpan.Zero);
        if (Seeds is { } seeds)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1, nameof(Seeds));
            if (FromSeed > ulong.MaxValue - (ulong)seeds)
            {
                throw new ArgumentException($"{seeds} seeds from {FromSeed} go beyond the largest seed", nameof(Seeds));
            }
        }

        if (Time is { } time)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero, nameof(Time));
        }
    }
}
