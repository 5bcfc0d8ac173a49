using System.Diagnostics;
using System.Globalization;
using SimGraph.Soak.Bench.Storage;
using Spectre.Console;

namespace SimGraph.Soak.Rendering;

/// <summary>Tables of the storage benchmark.</summary>
internal sealed class StorageBenchView(Terminal terminal)
{
    private const double FloorTarget = 0.9;

    public void WriteConditions(StorageBenchOptions options, string fileSystem) =>
        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{fileSystem}; median of {options.Rounds} rounds (a ratio: of the rounds' ratios), turns of {Quantity.Time(options.Slice)} after a warm-up; allocations of .NET only"));

    public void WriteRates(string title, IReadOnlyList<MeasuredRate> rates, string? floor)
    {
        BenchView.Head(terminal, title);
        MeasuredRate? yardstick = rates.FirstOrDefault(rate => rate.Name == floor);
        Grid grid = BenchView.Columns(6);
        grid.AddRow(
            string.Empty, "[grey]median[/]", "[grey]slowest[/]", "[grey]fastest[/]", yardstick is null ? string.Empty : "[grey]× floor[/]", "[grey]bytes/op[/]");
        foreach (MeasuredRate rate in rates)
        {
            grid.AddRow(
                Markup.Escape(rate.Name),
                Quantity.About(rate.PerSecond),
                Quantity.About(rate.Least),
                Quantity.About(rate.Most),
                yardstick is null ? string.Empty : Quantity.About(rate.RatioTo(yardstick)),
                Quantity.About(rate.BytesPerOperation));
        }

        terminal.Console.Write(grid);
    }

    /// <summary>Ours against the floor, and against the best of the others.</summary>
    public void WriteTarget(string what, IReadOnlyList<MeasuredRate> rates, string ours, string floor)
    {
        double share = rates.First(measured => measured.Name == ours).RatioTo(rates.First(measured => measured.Name == floor));
        BenchView.Target(terminal, $"{what}: at least {FloorTarget} × the floor: {Quantity.About(share)} ×", share >= FloorTarget);
        WriteAhead(what, rates, ours);
    }

    public void WriteAhead(string what, IReadOnlyList<MeasuredRate> rates, string ours)
    {
        MeasuredRate mine = rates.First(measured => measured.Name == ours);
        MeasuredRate? best = rates
            .Where(measured => !measured.Name.StartsWith("SimGraph", StringComparison.Ordinal) && !measured.Name.StartsWith("raw", StringComparison.Ordinal))
            .MinBy(mine.RatioTo);
        if (best is not null)
        {
            double ratio = mine.RatioTo(best);
            BenchView.Target(terminal, $"{what}: ahead of every peer (the best is {best.Name}): {Quantity.About(ratio)} ×", ratio >= 1);
        }
    }

    public void WriteRemarks(string title, IReadOnlyList<string> remarks)
    {
        BenchView.Head(terminal, title);
        foreach (string remark in remarks)
        {
            terminal.Out.WriteLine($"  {remark}");
        }
    }

    /// <summary>Memory of this process: of all contenders in it together.</summary>
    public void WriteMemory()
    {
        using var process = Process.GetCurrentProcess();
        long heap = GC.GetTotalMemory(forceFullCollection: true);
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(
            $"memory of the process: heap {Quantity.Bytes(heap)}, working set {Quantity.Bytes(process.WorkingSet64)}, at its peak {Quantity.Bytes(process.PeakWorkingSet64)}");
    }
}
