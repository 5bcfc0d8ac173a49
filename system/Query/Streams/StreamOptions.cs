namespace SimGraph.Query;

/// <summary>Sizes of a <see cref="ResultStream{T}"/>.</summary>
public sealed record StreamOptions
{
    /// <summary>Results that wait for the consumer; the producer then waits too. Default 100.</summary>
    public int Capacity { get; init; } = 100;

    /// <summary>How long a disposal waits for the producer to end. Default 10 s.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Capacity, 1 << 20);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(StopLimit, TimeSpan.Zero);
    }
}
