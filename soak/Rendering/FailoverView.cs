using System.Globalization;
using SimGraph.Properties.Bench;
using SimGraph.Simulation.Exploration;
using SimGraph.Soak.Bench;
using Spectre.Console;

namespace SimGraph.Soak.Rendering;

/// <summary>The histogram of a failover benchmark.</summary>
internal static class FailoverView
{
    private const double MedianTarget = 1.5;
    private const double BucketWidth = 0.1;
    private const double First = 0.5;
    private const double Last = 3;
    private const int BarMax = 50;

    public static void Write(FailoverRate rate, Terminal terminal)
    {
        string faults = rate.Profile == Profiles.Performance ? "no other faults" : $"network faults of profile {rate.Profile}";
        BenchView.Head(
            terminal,
            $"{rate.Nodes} nodes, leader {(rate.End == LeaderEnd.Killed ? "killed" : "without power")}, {faults}: {Quantity.Count(rate.Crashes)} crashes, {Quantity.Count(rate.Waits.Count)} waits of clients");
        Grid grid = BenchView.Columns(4);
        grid.AddRow("[grey]× election time-out[/]", "[grey]waits[/]", "[grey]share[/]", string.Empty);
        int[] buckets = Count(rate);
        int most = buckets.Max();
        for (int i = 0; i < buckets.Length; i++)
        {
            if (buckets[i] > 0)
            {
                grid.AddRow(
                    Range(i, buckets.Length),
                    Quantity.Count(buckets[i]),
                    Share(buckets[i], rate.Waits.Count),
                    new string('█', buckets[i] * BarMax / most).PadRight(BarMax));
            }
        }

        terminal.Console.Write(grid);
        WriteQuantiles("clients", rate.Waits, rate.ElectionTimeout, terminal);
        WriteQuantiles("of that, until a node leads", rate.Elections, rate.ElectionTimeout, terminal);
        double median = FailoverRate.Quantile(rate.Waits, 0.5) / rate.ElectionTimeout;
        BenchView.Target(terminal, $"median at most {Text(MedianTarget)} × the election time-out: {Text(median)} ×", median <= MedianTarget);
    }

    private static int[] Count(FailoverRate rate)
    {
        int[] buckets = new int[(int)Math.Round((Last - First) / BucketWidth) + 2];
        foreach (TimeSpan wait in rate.Waits)
        {
            double relative = wait / rate.ElectionTimeout;
            buckets[relative < First ? 0 : Math.Min((int)((relative - First) / BucketWidth) + 1, buckets.Length - 1)]++;
        }

        return buckets;
    }

    private static string Range(int bucket, int buckets)
    {
        double from = First + ((bucket - 1) * BucketWidth);
        return bucket == 0 ? $"below {Text(First)}" : bucket == buckets - 1 ? $"{Text(Last)} and more" : $"{Text(from)} to {Text(from + BucketWidth)}";
    }

    private static string Share(int count, int all) => string.Create(CultureInfo.InvariantCulture, $"{100.0 * count / all:0.0} %");

    private static void WriteQuantiles(string what, IReadOnlyList<TimeSpan> times, TimeSpan unit, Terminal terminal)
    {
        IEnumerable<string> quantiles = new[] { ("median", 0.5), ("p90", 0.9), ("p99", 0.99), ("longest", 1) }.Select(quantile =>
            string.Create(CultureInfo.InvariantCulture, $"{quantile.Item1} {FailoverRate.Quantile(times, quantile.Item2) / unit:0.00} ×"));
        terminal.Out.WriteLine($"  {what}: {string.Join(", ", quantiles)} (the election time-out of {Quantity.Time(unit)})");
    }

    private static string Text(double number) => number.ToString("0.0#", CultureInfo.InvariantCulture);
}
