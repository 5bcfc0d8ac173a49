namespace SimGraph.Simulation.Disk;

/// <summary>How long one kind of operation takes: evenly spread around a mean, and now and then anything up to the tail.</summary>
/// <param name="Min">The least; not negative.</param>
/// <param name="Mean">The mean of an ordinary operation; at least <paramref name="Min"/>. Ordinary ones end by twice the mean.</param>
/// <param name="Tail">The most of a slow one; at least <paramref name="Mean"/>.</param>
/// <param name="SlowPartsPerMillion">How many are slow.</param>
public sealed record DiskLatency(TimeSpan Min, TimeSpan Mean, TimeSpan Tail, int SlowPartsPerMillion = 0)
{
    private static readonly TimeSpan LongestTime = TimeSpan.FromMinutes(1);

    /// <summary>Spread around a mean, with nothing slow.</summary>
    public static DiskLatency Around(TimeSpan mean) => new(mean / 2, mean, mean * 2);

    internal uint OrdinarySpread => (uint)(2 * (Mean - Min).Ticks) + 1;

    internal uint SlowSpread => (uint)(Tail - Mean).Ticks + 1;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Min, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Mean, Min);
        ArgumentOutOfRangeException.ThrowIfLessThan(Tail, Mean);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Tail, LongestTime);
        ArgumentOutOfRangeException.ThrowIfNegative(SlowPartsPerMillion);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SlowPartsPerMillion, 1_000_000);
    }
}
