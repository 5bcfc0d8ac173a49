using System.Globalization;
using SimGraph.RealCluster.Faults;
using SimGraph.RealCluster.Work;

namespace SimGraph.RealCluster;

/// <summary>What a run has shown. A run that returns one has kept every promise; one that has not throws.</summary>
/// <param name="Kills">Every kill.</param>
/// <param name="Counts">What clients were told.</param>
/// <param name="Rounds">How many histories were judged linearizable.</param>
/// <param name="Partitions">Parts of those histories.</param>
/// <param name="CheckTime">How long the checker took for them.</param>
/// <param name="Compared">Elements that were compared on each replica at the end.</param>
/// <param name="Time">How long it all took.</param>
internal sealed record RealClusterReport(
    IReadOnlyList<KillRecord> Kills, Counts Counts, int Rounds, long Partitions, TimeSpan CheckTime, long Compared, TimeSpan Time)
{
    private const int BarMax = 50;

    /// <summary>For people.</summary>
    public IEnumerable<string> Lines(RealClusterOptions options)
    {
        yield return Text($"{Kills.Count} leaders of {options.Nodes} nodes killed in {Time.TotalSeconds:0} s, seed {options.Seed}");
        yield return Text(
            $"{Counts.Operations:N0} operations: {Counts.AcknowledgedWrites:N0} writes acknowledged, {Counts.Unknown:N0} of unknown outcome, {Counts.NotApplied:N0} certainly not applied; {Counts.AnsweredReads:N0} reads answered, {Counts.UnansweredReads:N0} not");
        yield return Text($"{Rounds} histories linearizable, {Partitions:N0} parts, judged in {CheckTime.TotalSeconds:0.0} s");
        yield return Text($"{Compared:N0} elements equal on each of {options.Nodes} replicas, digests equal, exit codes 0, nothing left behind");
        foreach (IGrouping<DisturbanceKind, KillRecord> kind in Kills.GroupBy(static kill => kill.Disturbance).OrderBy(static kind => kind.Key))
        {
            yield return Text($"  {kind.Key,-17} {kind.Count(),4} kills, median unavailability {Median([.. kind.Select(static kill => kill.Unavailability)]).TotalMilliseconds,6:0} ms");
        }

        foreach (string line in Histogram("no fault but the kill", [.. Kills.Where(static kill => kill.Disturbance == DisturbanceKind.None)], options.ElectionTimeout))
        {
            yield return line;
        }

        foreach (string line in Histogram("all kills", Kills, options.ElectionTimeout))
        {
            yield return line;
        }
    }

    /// <summary>The middle of some times.</summary>
    public static TimeSpan Median(IReadOnlyList<TimeSpan> times) => times.Count == 0 ? TimeSpan.Zero : times.Order().ElementAt(times.Count / 2);

    private static IEnumerable<string> Histogram(string title, IReadOnlyList<KillRecord> kills, TimeSpan unit)
    {
        TimeSpan median = Median([.. kills.Select(static kill => kill.Unavailability)]);
        yield return Text($"unavailability, {title}: {kills.Count} kills, median {median.TotalMilliseconds:0} ms = {median / unit:0.00} × the election time-out of {unit.TotalMilliseconds:0} ms");
        const double Width = 0.5;
        const int Last = 8;
        int[] buckets = new int[Last + 1];
        foreach (KillRecord kill in kills)
        {
            buckets[Math.Min((int)(kill.Unavailability / unit / Width), Last)]++;
        }

        for (int i = 0; i < buckets.Length; i++)
        {
            string range = i == Last ? Text($">= {i * Width:0.0}      ") : Text($"{i * Width:0.0} to {(i + 1) * Width:0.0}");
            yield return Text($"  {range,-11} × {buckets[i],4} {new string('#', buckets[i] * BarMax / Math.Max(1, kills.Count))}");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
