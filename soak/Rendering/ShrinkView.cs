using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Exploration.Shrinking;
using SimGraph.Simulation.Trace;
using SimGraph.Soak.Commands;

namespace SimGraph.Soak.Rendering;

/// <summary>What a shrink came to: the violation, the plan that is left, and the events that lead to it.</summary>
internal static class ShrinkView
{
    private const int SliceMax = 40;

    public static void Write(ShrinkReport report, IReadOnlyList<TraceRecord> slice, Terminal terminal)
    {
        terminal.Out.WriteLine();
        ViolationView.WriteHead(report.Last.Result.Violation!, terminal);
        ViolationView.Line(terminal, "fixed", report.Smallest.Fixed.IsEmpty ? "no sites of choices" : string.Join(' ', report.Smallest.Fixed.Select(site => $"{site.Key}={site.Value}")));
        ViolationView.Line(terminal, "from", Size(report.First));
        ViolationView.Line(terminal, "to", Size(report.Last));
        ViolationView.Line(
            terminal,
            "tried",
            $"{Quantity.Count(report.Candidates)} runs in {Quantity.Time(report.Elapsed)}, {Quantity.Count(report.Accepted)} kept; {(report.IsFinished ? "nothing smaller is left to try" : "ended before everything was tried")}");
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(RegressionTest.PlanOf(report.Smallest));
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(slice.Count > SliceMax ? $"How it came about (the last {SliceMax} of {slice.Count} events, each the cause of the next):" : "How it came about (each event is the cause of the next):");
        terminal.Out.WriteLine(EventLine.Head);
        foreach (TraceRecord happened in slice.TakeLast(SliceMax))
        {
            terminal.Out.WriteLine(EventLine.Format(happened));
        }

        terminal.Out.WriteLine();
    }

    private static string Size(ScenarioOutcome outcome) =>
        $"{Quantity.Count(outcome.Result.Steps)} steps, {Quantity.Time(outcome.Result.VirtualTime)} of virtual time, {Quantity.Count(ShrinkSummary.OperationsOf(outcome))} client operations, {Quantity.Count(ShrinkSummary.FaultsOf(outcome))} faults";
}
