using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using Spectre.Console;

namespace SimGraph.Soak.Rendering;

/// <summary>What a campaign did.</summary>
internal static class SummaryView
{
    /// <summary>A shorter campaign is not expected to hit every required probe.</summary>
    private const long RunsForProbes = 200;

    public static void Write(CampaignReport report, CampaignHeading heading, Terminal terminal)
    {
        IAnsiConsole console = terminal.Console;
        if (terminal.IsInteractive)
        {
            console.MarkupLine($"[bold]{Markup.Escape(heading.Title)}[/]");
        }

        console.WriteLine();
        WriteNumbers(report, console);
        WriteFaults(report, console);
        WriteProbes(report, console);
        WriteVerdict(report, console);
    }

    private static void WriteNumbers(CampaignReport report, IAnsiConsole console)
    {
        Grid grid = new Grid()
            .AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(2))
            .AddColumn(new GridColumn().NoWrap().RightAligned().PadRight(2))
            .AddColumn();
        double wallSeconds = Math.Max(0.001, report.WallTime.TotalSeconds);
        double cpuSeconds = Math.Max(0.001, report.CpuTime.TotalSeconds);
        double virtualSeconds = report.VirtualTime.TotalSeconds;
        grid.AddRow("runs", Quantity.Count(report.Runs), $"{Quantity.Count(report.RunsTwice)} run twice and compared{Unfinished(report)}");
        grid.AddRow(
            "steps", Quantity.Count(report.Steps + report.RepeatedSteps), $"{Quantity.About(report.StepsPerWallSecond)}/s, {Quantity.About(report.StepsPerCpuSecond)} per CPU second");
        grid.AddRow(
            "virtual time", Quantity.Time(report.VirtualTime), $"{Quantity.About(virtualSeconds / wallSeconds)} × real time, {Quantity.About(virtualSeconds / cpuSeconds)} × CPU time");
        grid.AddRow("real time", Quantity.Time(report.WallTime), $"{Quantity.Time(report.CpuTime)} of CPU time");
        foreach ((string name, long count) in report.Counters.OrderBy(counter => counter.Key == Counters.Commits ? 0 : 1))
        {
            string label = name == Counters.Commits ? "commits" : name;
            grid.AddRow(Markup.Escape(label), Quantity.Count(count), name == Counters.Commits ? $"{Quantity.About(count / cpuSeconds)} per CPU second" : string.Empty);
        }

        console.Write(grid);
    }

    private static string Unfinished(CampaignReport report) => report.Unfinished > 0 ? $", {report.Unfinished} more given up at the end" : string.Empty;

    private static void WriteFaults(CampaignReport report, IAnsiConsole console)
    {
        console.WriteLine();
        if (report.Faults.Count == 0)
        {
            console.MarkupLine("[bold]Faults injected[/]: none");
            return;
        }

        Grid grid = new Grid()
            .AddColumn(new GridColumn().PadLeft(2).PadRight(2))
            .AddColumn(new GridColumn().NoWrap().RightAligned().PadRight(2))
            .AddColumn(new GridColumn().NoWrap().RightAligned());
        grid.AddRow("[bold]Faults injected[/]", "[grey]times[/]", "[grey]in runs[/]");
        foreach ((string kind, FaultCount count) in report.Faults)
        {
            grid.AddRow(Markup.Escape(kind), Quantity.Count(count.Total), Quantity.Count(count.Runs));
        }

        console.Write(grid);
    }

    private static void WriteProbes(CampaignReport report, IAnsiConsole console)
    {
        KeyValuePair<string, ProbeCount>[] hit = [.. report.Probes.Where(probe => probe.Value.Hits > 0)];
        string[] missed = [.. report.Probes.Where(probe => probe.Value.Hits == 0).Select(probe => probe.Key).Except(report.RequiredProbesMissed)];
        console.WriteLine();
        console.MarkupLine($"[bold]Probes[/]: {hit.Length} hit, {missed.Length + report.RequiredProbesMissed.Count} never hit");
        if (hit.Length > 0)
        {
            Indent(console, string.Join(", ", hit.Select(probe => $"{probe.Key} ({Quantity.ShortCount(probe.Value.Hits)})")), "grey");
        }

        if (missed.Length > 0)
        {
            Indent(console, $"never hit: {string.Join(", ", missed)}", "yellow");
        }

        if (report.RequiredProbesMissed.Count > 0)
        {
            string names = string.Join(", ", report.RequiredProbesMissed);
            Indent(
                console,
                report.Runs >= RunsForProbes
                    ? $"WARNING: required, and never hit: {names}. What they stand for was not tested."
                    : $"required, and not hit in these few runs: {names}",
                report.Runs >= RunsForProbes ? "red bold" : "yellow");
        }
    }

    private static void WriteVerdict(CampaignReport report, IAnsiConsole console)
    {
        console.WriteLine();
        if (report.Runs == 0)
        {
            console.MarkupLine("[red bold]WARNING: no run was completed: this proves nothing.[/]");
        }

        if (report.Interrupted)
        {
            console.MarkupLine("[yellow bold]Interrupted.[/] What is above was done until then.");
        }

        if (report.Violations.Count == 0)
        {
            console.MarkupLine("[bold]Violations[/]: [green bold]none[/]");
            return;
        }

        long runs = report.Violations.Sum(group => group.Runs);
        string kinds = report.Violations.Count == 1 ? "one kind" : $"{report.Violations.Count} kinds";
        console.MarkupLine($"[bold]Violations[/]: [red bold]{kinds}, in {Quantity.Count(runs)} {(runs == 1 ? "run" : "runs")}[/]");
        foreach (IGrouping<ViolationClass, ViolationGroup> group in report.Violations.GroupBy(group => group.First.Class).OrderBy(group => group.Key))
        {
            Indent(console, $"{group.Key.ToString().ToLowerInvariant()}: {string.Join(", ", group.Select(item => $"{item.First.Name} ({Quantity.Count(item.Runs)})"))}", "default");
        }
    }

    private static void Indent(IAnsiConsole console, string text, string style) =>
        console.Write(new Padder(new Markup($"[{style}]{Markup.Escape(text)}[/]"), new Padding(2, 0, 0, 0)));
}
