namespace SimGraph.Simulation.Exploration.Shrinking;

/// <summary>How long, and on how many threads, a failure is shrunk.</summary>
public sealed record ShrinkOptions
{
    /// <summary>The search ends when this is over, with what it has by then.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Candidates that are run at a time, each on a thread of its own.</summary>
    public int Jobs { get; init; } = Environment.ProcessorCount;

    /// <exception cref="ArgumentOutOfRangeException">They make no sense.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Time, TimeSpan.Zero, nameof(Time));
        ArgumentOutOfRangeException.ThrowIfLessThan(Jobs, 1, nameof(Jobs));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Jobs, 1024, nameof(Jobs));
    }
}
