using System.Globalization;
using SimGraph.Soak.Bench.Replication;
using Spectre.Console;

namespace SimGraph.Soak.Rendering;

/// <summary>Tables of the replication benchmark.</summary>
internal sealed class ReplicationBenchView(Terminal terminal)
{
    private const double CeilingTarget = 0.8;

    public void WriteConditions(ReplicationBenchOptions options, string fileSystem, IReadOnlyList<ClusterContender> contenders)
    {
        terminal.Out.WriteLine(
            $"{fileSystem}; median of {options.Rounds} rounds (a ratio: of the rounds' ratios), turns of {Quantity.Time(options.Slice)} after a warm-up; {WriteBench.PayloadBytes} B a write");
        foreach (ClusterContender contender in contenders)
        {
            terminal.Out.WriteLine($"  {contender.Name}: {contender.Promise}");
        }
    }

    public void WriteRates(int clients, IReadOnlyList<WriteRate> rates, IReadOnlyList<string> others, bool isLast)
    {
        BenchView.Head(terminal, $"{clients} {(clients == 1 ? "client" : "clients")}, each writes again at once: acknowledged writes/s, and how long a write took");
        Grid grid = BenchView.Columns(7);
        grid.AddRow(string.Empty, "[grey]writes/s[/]", "[grey]p50[/]", "[grey]p90[/]", "[grey]p99[/]", "[grey]p99.9[/]", "[grey]CPU/write[/]");
        foreach (WriteRate rate in rates)
        {
            grid.AddRow(
                Markup.Escape(rate.Name),
                Quantity.About(rate.PerSecond),
                Quantity.Time(rate.Quantile(0.5)),
                Quantity.Time(rate.Quantile(0.9)),
                Quantity.Time(rate.Quantile(0.99)),
                Quantity.Time(rate.Quantile(0.999)),
                string.Create(CultureInfo.InvariantCulture, $"{rate.CpuPerWrite.TotalMicroseconds:0} µs"));
        }

        terminal.Console.Write(grid);
        WriteRate ours = Find(rates, SimGraphCluster.Contender.Name);
        foreach (string other in others)
        {
            double ratio = ours.RatioTo(Find(rates, other));
            BenchView.Target(terminal, $"ahead of {other}: {Quantity.About(ratio)} ×", ratio >= 1);
        }

        double ofThree = ours.RatioTo(Find(rates, LogCeiling.Three.Name));
        if (isLast)
        {
            double ofOne = ours.RatioTo(Find(rates, LogCeiling.One.Name));
            BenchView.Target(terminal, $"at least {CeilingTarget} × the log's group commit: {Quantity.About(ofOne)} ×", ofOne >= CeilingTarget);
        }

        terminal.Out.WriteLine($"  beside three logs on this disk: {Quantity.About(ofThree)} ×");
    }

    public void WriteFanout(IReadOnlyList<FanoutRate> rates)
    {
        BenchView.Head(terminal, $"Fan-out over NetMQ: one member, {FanoutBench.Clients} clients that write at once, read replicas in this process");
        Grid grid = BenchView.Columns(5);
        grid.AddRow("[grey]read replicas[/]", "[grey]writes/s[/]", "[grey]entries/s applied[/]", "[grey]most behind[/]", "[grey]last one after[/]");
        foreach (FanoutRate rate in rates)
        {
            grid.AddRow(
                $"{rate.Replicas}",
                Quantity.About(rate.WritesPerSecond),
                Quantity.About(rate.EntriesPerSecond),
                Quantity.Count((long)rate.LagEntries),
                Quantity.Time(rate.CatchUp));
        }

        terminal.Console.Write(grid);
    }

    public void WriteRecoveries(IReadOnlyList<RecoveryTime> times)
    {
        BenchView.Head(terminal, $"Recovery of one node from an unflushed state, writes of {RecoveryBench.PayloadBytes} B");
        Grid grid = BenchView.Columns(5);
        grid.AddRow("[grey]entries in the log[/]", "[grey]log[/]", "[grey]log read[/]", "[grey]leads, all applied[/]", "[grey]entries/s[/]");
        foreach (RecoveryTime time in times)
        {
            grid.AddRow(
                Quantity.Count(time.Entries),
                Quantity.Bytes(time.LogBytes),
                Quantity.Time(time.Opened),
                Quantity.Time(time.Applied),
                Quantity.About(time.Entries / time.Applied.TotalSeconds));
        }

        terminal.Console.Write(grid);
    }

    private static WriteRate Find(IReadOnlyList<WriteRate> rates, string name) => rates.First(rate => rate.Name == name);
}
