using SimGraph.Soak.Mutants;
using Spectre.Console;

namespace SimGraph.Soak.Rendering;

/// <summary>What became of planted defects, as a table with totals and targets.</summary>
internal static class MutantsView
{
    public static void WriteList(IReadOnlyList<PlantedDefect> defects, Terminal terminal)
    {
        int width = defects.Select(defect => defect.Patch.Length).DefaultIfEmpty(0).Max();
        foreach (PlantedDefect defect in defects)
        {
            string by = defect.Test is null ? string.Join(", ", defect.Scenarios) : $"test {defect.Test}";
            terminal.Out.WriteLine($"{defect.Patch.PadRight(width)}  {by}: {defect.Title}");
        }
    }

    public static void Write(MutantsResult result, Terminal terminal)
    {
        BenchView.Head(terminal, "Planted defects");
        Grid grid = new Grid()
            .AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(2))
            .AddColumn(new GridColumn().PadRight(2))
            .AddColumn(new GridColumn().PadRight(2));
        for (int i = 0; i < 4; i++)
        {
            grid.AddColumn(new GridColumn().NoWrap().RightAligned().PadRight(2));
        }

        grid.AddRow("[grey]id[/]", "[grey]defect[/]", "[grey]found as[/]", "[grey]seed[/]", "[grey]runs[/]", "[grey]wall s[/]", "[grey]CPU s[/]");
        foreach (DefectOutcome outcome in result.Outcomes)
        {
            grid.AddRow(
                outcome.Defect.Id,
                Markup.Escape(outcome.Defect.Title),
                $"[{MutantsText.Style(outcome)}]{Markup.Escape(MutantsText.FoundAs(outcome))}[/]",
                MutantsText.Seed(outcome),
                MutantsText.Runs(outcome),
                MutantsText.WallSeconds(outcome),
                MutantsText.CpuSeconds(outcome));
        }

        terminal.Console.Write(grid);
        BenchView.Head(terminal, "Totals");
        foreach (string line in MutantsText.Totals(result))
        {
            terminal.Out.WriteLine($"  {line}");
        }

        foreach ((string text, bool met) in MutantsText.Targets(result))
        {
            BenchView.Target(terminal, text, met);
        }
    }
}
