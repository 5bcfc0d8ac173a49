namespace SimGraph.Properties.Linearizability;

/// <summary>When a check gives up with <see cref="Verdict.Unknown"/>. Without a deadline the verdict is a function of the history.</summary>
public sealed record CheckLimits
{
    /// <summary>Steps of the search, over all partitions.</summary>
    public long StepsMax { get; init; } = long.MaxValue;

    /// <summary>Memory for what a search remembers, in bytes, estimated.</summary>
    public long MemoryBytesMax { get; init; } = 1L << 30;

    /// <summary>Steps that may be spent on making the explanation small.</summary>
    public long ExplanationStepsMax { get; init; } = 20_000_000;

    /// <summary>Asked now and then whether the time is up; null for no limit.</summary>
    public Func<bool>? IsTimeUp { get; init; }

    /// <exception cref="ArgumentException">A limit is not positive.</exception>
    public void Validate()
    {
        if (StepsMax <= 0 || MemoryBytesMax <= 0 || ExplanationStepsMax <= 0)
        {
            throw new ArgumentException("limits of a check must be positive");
        }
    }
}
