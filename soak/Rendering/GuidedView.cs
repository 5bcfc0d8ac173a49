using System.Globalization;
using SimGraph.Simulation.Exploration.Guidance;
using Spectre.Console;

namespace SimGraph.Soak.Rendering;

/// <summary>What a guided campaign did, what it found, and what may be left.</summary>
internal static class GuidedView
{
    // An event that has not come in n independent runs has at most this probability, over n, with 95 % confidence.
    private const double RuleOfThree = 3;

    public static void Write(GuidedReport report, string scenario, string profile, Terminal terminal)
    {
        terminal.Out.WriteLine();
        ViolationView.Line(terminal, "runs", $"{Quantity.Count(report.Runs)}, {Quantity.Count(report.FreshRuns)} of them fresh; {Quantity.Count(report.Steps)} steps");
        ViolationView.Line(terminal, "time", $"{Quantity.Time(report.WallTime)}, {Quantity.Time(report.CpuTime)} of processor time");
        ViolationView.Line(
            terminal, "seen", $"{Quantity.Count(report.Pairs)} pairs of events, {Quantity.Count(report.FreshPairs)} by fresh runs; {Quantity.Count(report.Kept)} runs kept; nothing new in the last {Quantity.Count(report.RunsSinceNew)}");
        WriteEstimate(report, terminal);
        foreach (GuidedFinding finding in report.Findings)
        {
            WriteFinding(finding, scenario, profile, terminal);
        }

        WriteVerdict(report, terminal);
    }

    private static void WriteEstimate(GuidedReport report, Terminal terminal)
    {
        if (report.FreshRuns == 0)
        {
            return;
        }

        ViolationView.Line(
            terminal,
            "unseen",
            string.Create(CultureInfo.InvariantCulture, $"one more fresh run shows a new pair with a probability of about {report.NewChance:0.####} (Good-Turing); fresh runs can show about {report.UnseenLeast:0} more, or more than that (Chao)"));
        if (report.Findings.Count == 0)
        {
            ViolationView.Line(
                terminal,
                "risk",
                string.Create(CultureInfo.InvariantCulture, $"fewer than one in {Math.Max(1, report.FreshRuns / RuleOfThree):0} fresh runs violates anything that is checked, with 95 % confidence; that says nothing of what no run of this scenario does"));
        }
    }

    private static void WriteFinding(GuidedFinding finding, string scenario, string profile, Terminal terminal)
    {
        terminal.Out.WriteLine();
        ViolationView.WriteHead(finding.First, terminal);
        string more = finding.Runs > 1 ? $", and {Quantity.Count(finding.Runs - 1)} more" : string.Empty;
        ViolationView.Line(terminal, "found by", $"run {Quantity.Count(finding.FirstRun)}, {(finding.IsFresh ? "a fresh seed" : "a variant")}{more}");
        ViolationView.Line(terminal, "scenario", string.Create(CultureInfo.InvariantCulture, $"{scenario}, profile {profile}, seed {finding.Case.Seed}"));
        ViolationView.Line(terminal, "artifact", finding.ArtifactPath ?? $"none: {finding.ArtifactProblem ?? "not asked for"}");
        if (finding.ArtifactPath is { } path)
        {
            ViolationView.Line(terminal, "reproduce", ReproduceCommand.For(path));
            ViolationView.Line(terminal, "shrink", ReproduceCommand.Shrink(path));
        }
    }

    private static void WriteVerdict(GuidedReport report, Terminal terminal)
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

        if (report.IsFlat)
        {
            terminal.Out.WriteLine("Ended because nothing new came any more.");
        }

        terminal.Console.MarkupLine(report.Findings.Count == 0
            ? "[bold]Violations[/]: [green bold]none[/]"
            : $"[bold]Violations[/]: [red bold]{(report.Findings.Count == 1 ? "one kind" : $"{report.Findings.Count} kinds")}[/]");
    }
}
