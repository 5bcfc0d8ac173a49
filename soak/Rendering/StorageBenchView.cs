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
            $"{fileSystem}; median of {options.Rounds} rounds, contenders take turns of {Quantity.Time(options.Slice)}, after a warm-up; allocations of .NET only"));

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
                yardstick is null ? string.Empty : Quantity.About(rate.PerSecond / yardstick.PerSecond),
                Quantity.About(rate.BytesPerOperation));
        }

        terminal.Console.Write(grid);
    }

    /// <summary>Ours against the floor, and against the best of the others.</summary>
    public void WriteTarget(string what, IReadOnlyList<MeasuredRate> rates, string ours, string floor)
    {
        double rate = rates.First(measured => measured.Name == ours).PerSecond;
        double share = rate / rates.First(measured => measured.Name == floor).PerSecond;
        BenchView.Target(terminal, $"{what}: at least {FloorTarget} × the floor: {Quantity.About(share)} ×", share >= FloorTarget);
        WriteAhead(what, rates, ours);
    }

    public void WriteAhead(string what, IReadOnlyList<MeasuredRate> rates, string ours)
    {
        double rate = rates.First(measured => measured.Name == ours).PerSecond;
        MeasuredRate? best = rates
            .Where(measured => !measured.Name.StartsWith("SimGraph", StringComparison.Ordinal) && !measured.Name.StartsWith("raw", StringComparison.Ordinal))
            .MaxBy(measured => measured.PerSecond);
        if (best is not null)
        {
            BenchView.Target(terminal, $"{what}: ahead of every peer (the best is {best.Name}): {Quantity.About(rate / best.PerSecond)} ×", rate >= best.PerSecond);
        }
    }
}
