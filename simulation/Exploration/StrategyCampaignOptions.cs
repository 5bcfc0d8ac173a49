using SimGraph.Simulation.Strategies;

namespace SimGraph.Simulation.Exploration;

/// <summary>What a campaign of strategies runs, and until when.</summary>
public sealed record StrategyCampaignOptions
{
    /// <summary>One of <see cref="StrategyCatalog.Names"/>, or <see cref="StrategyCatalog.Portfolio"/>.</summary>
    public string Strategy { get; init; } = StrategyCatalog.Portfolio;

    /// <summary>Bounds of the strategies.</summary>
    public StrategyOptions Bounds { get; init; } = new();

    /// <summary>One of <see cref="Profiles"/>.</summary>
    public string Profile { get; init; } = Profiles.Swarm;

    /// <summary>The first seed; each run has the next one.</summary>
    public ulong FromSeed { get; init; } = 1;

    /// <summary>How many runs, over all strategies; null for no limit.</summary>
    public long? Seeds { get; init; }

    /// <summary>For how long new runs begin; null for no limit.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Go on after a violation.</summary>
    public bool KeepGoing { get; init; }

    /// <summary>Where artifacts go, in a folder for each strategy; null for none.</summary>
    public string? ArtifactFolder { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        Profiles.Check(Profile);
        Bounds.Validate();
        if (Strategy != StrategyCatalog.Portfolio && !StrategyCatalog.Names.Contains(Strategy))
        {
            throw new ArgumentException(
                $"there is no strategy '{Strategy}'; there are: {string.Join(", ", StrategyCatalog.Names)}, {StrategyCatalog.Portfolio}", nameof(Strategy));
        }

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
