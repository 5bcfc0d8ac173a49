namespace SimGraph.Query;

/// <summary>Sizes of a <see cref="ChangeFeed"/>.</summary>
public sealed record ChangeFeedOptions
{
    /// <summary>Notices that wait for one subscriber; what does not fit is told as missed. Default 1,024.</summary>
    public int QueueMax { get; init; } = 1024;

    /// <summary>Subscribers at a time. Default 1,024.</summary>
    public int SubscribersMax { get; init; } = 1024;

    /// <summary>How long an unsubscription, and a stop, wait for handlers that are running. Default 10 s.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(QueueMax, 1 << 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(SubscribersMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(StopLimit, TimeSpan.Zero);
    }
}
