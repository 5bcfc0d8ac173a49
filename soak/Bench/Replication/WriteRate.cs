namespace SimGraph.Soak.Bench.Replication;

/// <summary>What clients saw of one contender: the rate of each round, and how long each write of all rounds took, in ascending order; and the processor time of this process for a write, in all of it.</summary>
internal sealed record WriteRate(string Name, int Clients, IReadOnlyList<double> Rounds, IReadOnlyList<TimeSpan> Latencies, TimeSpan CpuPerWrite)
{
    /// <summary>Acknowledged writes a second: the median of the rounds.</summary>
    public double PerSecond => Median(Rounds);

    /// <summary>How many times the rate of another that was measured in the same rounds: the median of what the rounds say.</summary>
    public double RatioTo(WriteRate other) => Median(Rounds.Zip(other.Rounds, static (mine, its) => mine / its));

    /// <summary>The time within which this share of the writes was acknowledged.</summary>
    public TimeSpan Quantile(double share) => Latencies.Count == 0 ? TimeSpan.Zero : Latencies[(int)Math.Min(Latencies.Count - 1, share * Latencies.Count)];

    private static double Median(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        return ordered[ordered.Length / 2];
    }
}
