using System.Globalization;
using SimGraph.Simulation.Exploration;
using Spectre.Console;

namespace SimGraph.Soak.Rendering;

/// <summary>What strategies did, and which found what.</summary>
internal static class StrategyView
{
    public static void Write(StrategyCampaignReport report, string scenario, string profile, Terminal terminal)
    {
        terminal.Out.WriteLine();
        Grid grid = BenchView.Columns(5);
        grid.AddRow("[grey]strategy[/]", "[grey]schedules[/]", "[grey]steps[/]", "[grey]failed[/]", "[grey]first at[/]");
        foreach (StrategyReport strategy in report.Strategies)
        {
            StrategyFinding? first = strategy.Findings.Count > 0 ? strategy.Findings[0] : null;
            grid.AddRow(
                $"{strategy.Name}{Ended(strategy)}",
                Quantity.Count(strategy.Runs),
                Quantity.Count(strategy.Steps),
                Quantity.Count(strategy.Findings.Sum(finding => finding.Runs)),
                first is null ? "-" : Quantity.Count(first.FirstRun));
        }

        terminal.Console.Write(grid);
        terminal.Out.WriteLine($"  {Quantity.Count(report.Runs)} schedules in {Quantity.Time(report.WallTime)}");
        foreach (StrategyReport strategy in report.Strategies)
        {
            foreach (StrategyFinding finding in strategy.Findings)
            {
                WriteFinding(strategy, finding, scenario, profile, terminal);
            }
        }

        WriteVerdict(report, terminal);
    }

    private static void WriteFinding(StrategyReport strategy, StrategyFinding finding, string scenario, string profile, Terminal terminal)
    {
        terminal.Out.WriteLine();
        ViolationView.WriteHead(finding.First, terminal);
        string more = finding.Runs > 1 ? $", and {Quantity.Count(finding.Runs - 1)} more of its schedules" : string.Empty;
        ViolationView.Line(terminal, "found by", $"{strategy.Name}, at schedule {Quantity.Count(finding.FirstRun)}{more}");
        ViolationView.Line(terminal, "scenario", string.Create(CultureInfo.InvariantCulture, $"{scenario}, profile {profile}, seed {finding.Seed}"));
        ViolationView.Line(terminal, "artifact", finding.ArtifactPath ?? $"none: {finding.ArtifactProblem ?? "not asked for"}");
        if (finding.ArtifactPath is { } path)
        {
            ViolationView.Line(terminal, "reproduce", ReproduceCommand.For(path));
        }
    }

    private static void WriteVerdict(StrategyCampaignReport report, Terminal terminal)
    {
        terminal.Out.WriteLine();
        if (report.Runs == 0)
        {
            terminal.Console.MarkupLine("[red bold]WARNING: no run was completed: this proves nothing.[/]");
        }

        if (report.Interrupted)
        {
            terminal.Console.MarkupLine("[yellow bold]Interrupted.[/] What is above was done until then.");
        }

        int kinds = report.Strategies.SelectMany(strategy => strategy.Findings).Select(finding => (finding.First.Class, finding.First.Name)).Distinct().Count();
        terminal.Console.MarkupLine(kinds == 0
            ? "[bold]Violations[/]: [green bold]none[/]"
            : $"[bold]Violations[/]: [red bold]{(kinds == 1 ? "one kind" : $"{kinds} kinds")}[/]");
    }

    private static string Ended(StrategyReport strategy) =>
        !strategy.Exhausted ? string.Empty : strategy.CameToBound ? ", exhausted within its bound" : ", exhausted: every schedule";
}
