using System.Globalization;
using SimGraph.Simulation.Exploration.Causes;
using Spectre.Console;

namespace SimGraph.Soak.Rendering;

/// <summary>Why a run failed: what it needs, how many other courses escaped from where, and the choice behind which none does.</summary>
internal static class CauseView
{
    public static void Write(CauseReport report, Terminal terminal)
    {
        terminal.Out.WriteLine();
        ViolationView.WriteHead(report.Outcome.Result.Violation!, terminal);
        ViolationView.Line(terminal, "choices", Quantity.Count(report.Choices));
        ViolationView.Line(
            terminal, "tried", $"{Quantity.Count(report.Runs)} runs in {Quantity.Time(report.Elapsed)}{(report.IsFinished ? string.Empty : "; ended before everything was tried")}");
        WriteNeeds(report.Needs, terminal);
        WriteTrials(report, terminal);
        WriteSealed(report, terminal);
    }

    private static void WriteNeeds(IReadOnlyList<CauseNeed> needs, Terminal terminal)
    {
        terminal.Out.WriteLine();
        if (needs.Count == 0)
        {
            terminal.Out.WriteLine("Nothing was taken out of its plan.");
            return;
        }

        terminal.Console.MarkupLine("[bold]What it needs[/]: the plan with one change, and whether it still fails in the same way");
        foreach (CauseNeed need in needs.Where(static need => need.IsNeeded))
        {
            terminal.Out.WriteLine($"  needed      {need.Without}: nothing fails, nor with {need.Tried} other seeds");
        }

        foreach (CauseNeed need in needs.Where(static need => need is { FailsAtOnce: false, Failing: > 0 }))
        {
            terminal.Out.WriteLine($"  not needed  {need.Without}: {need.Failing} of {need.Tried} other seeds fail");
        }

        foreach (CauseNeed need in needs.Where(static need => need.FailsAtOnce))
        {
            terminal.Out.WriteLine($"  not needed  {need.Without}: the same seed fails");
        }
    }

    private static void WriteTrials(CauseReport report, Terminal terminal)
    {
        if (report.Trials.Count == 0)
        {
            return;
        }

        terminal.Out.WriteLine();
        terminal.Console.MarkupLine("[bold]Other courses[/], when all choices behind the first so many are made by another seed");
        Grid grid = BenchView.Columns(2);
        grid.AddRow("[grey]choices kept[/]", "[grey]escaped[/]");
        foreach (CauseTrial trial in report.Trials)
        {
            grid.AddRow(Quantity.Count(trial.Choices), string.Create(CultureInfo.InvariantCulture, $"{trial.Escaped} of {trial.Tried}"));
        }

        terminal.Console.Write(grid);
    }

    private static void WriteSealed(CauseReport report, Terminal terminal)
    {
        if (report.IsOfThePlan)
        {
            terminal.Out.WriteLine();
            terminal.Out.WriteLine("No course of this plan escapes: the plan leads there, whatever the world chooses.");
        }

        if (report.Sealed is not { } choice)
        {
            return;
        }

        terminal.Out.WriteLine();
        string machine = choice.Choice.Machine == 0 ? "the world" : string.Create(CultureInfo.InvariantCulture, $"machine {choice.Choice.Machine}");
        terminal.Console.MarkupLine("[bold]What sealed it[/]: with this choice no course that was tried escapes, without it some do");
        ViolationView.Line(terminal, "choice", string.Create(
            CultureInfo.InvariantCulture,
            $"{choice.Number} of {report.Choices}: {choice.Choice.Site} of {machine}, its number {choice.Choice.Ordinal + 1}: {choice.Choice.Value} below {choice.Choice.Bound}"));
        if (choice.Event is { } before)
        {
            ViolationView.Line(terminal, "behind", string.Create(CultureInfo.InvariantCulture, $"step {before.Step}, this event:"));
            terminal.Out.WriteLine(EventLine.Head);
            terminal.Out.WriteLine(EventLine.Format(before));
        }
    }
}
