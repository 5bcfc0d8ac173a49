namespace SimGraph.Query;

/// <summary>Sizes of a <see cref="WorkerPool"/>.</summary>
public sealed record WorkerPoolOptions
{
    /// <summary>Tasks that run work. Default 4.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>Pieces of work that wait to be run. Default 256.</summary>
    public int QueueMax { get; init; } = 256;

    /// <summary>How long a stop waits for work that is running. Default 10 s.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Workers, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Workers, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(QueueMax, 1 << 20);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(StopLimit, TimeSpan.Zero);
    }
}
