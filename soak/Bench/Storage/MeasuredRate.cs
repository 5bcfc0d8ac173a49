namespace SimGraph.Soak.Bench.Storage;

/// <summary>How fast a contender was in each round, and what it allocated for an operation (the median of the rounds).</summary>
internal sealed record MeasuredRate(string Name, IReadOnlyList<double> Rounds, double BytesPerOperation)
{
    public double PerSecond => Median(Rounds);

    public double Least => Rounds.Min();

    public double Most => Rounds.Max();

    public static MeasuredRate Of(string name, IReadOnlyCollection<(double PerSecond, double BytesPerOperation)> rounds) =>
        new(name, [.. rounds.Select(round => round.PerSecond)], Median(rounds.Select(round => round.BytesPerOperation)));

    /// <summary>How many times faster than another that was measured in the same rounds: the median of what the rounds say.</summary>
    public double RatioTo(MeasuredRate other) => Median(Rounds.Zip(other.Rounds, static (mine, its) => mine / its));

    private static double Median(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        return ordered[ordered.Length / 2];
    }
}
