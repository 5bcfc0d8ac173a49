namespace SimGraph.Soak.Bench.Storage;

/// <summary>How fast a contender was: the median of its rounds, the slowest, the fastest, and what it allocated.</summary>
internal sealed record MeasuredRate(string Name, double PerSecond, double Least, double Most, double BytesPerOperation)
{
    public static MeasuredRate Of(string name, IReadOnlyCollection<(double PerSecond, double BytesPerOperation)> rounds)
    {
        double[] rates = [.. rounds.Select(round => round.PerSecond).Order()];
        double[] bytes = [.. rounds.Select(round => round.BytesPerOperation).Order()];
        return new MeasuredRate(name, rates[rates.Length / 2], rates[0], rates[^1], bytes[bytes.Length / 2]);
    }
}
