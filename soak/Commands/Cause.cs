using System.Globalization;
using SimGraph.Simulation.Exploration.Causes;
using SimGraph.Soak.Rendering;

namespace SimGraph.Soak.Commands;

/// <summary>Looks for the cause of one failure and says what it found.</summary>
internal sealed class Cause(FailingTarget target, CauseOptions options, Terminal terminal)
{
    public int Run()
    {
        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{target.Scenario.Name}, profile {target.Profile}, seed {target.Case.Seed}: for {Quantity.Time(options.Time)} at most, {options.Courses} other courses at each place, {options.Jobs} at a time"));
        CauseView.Write(Search(), terminal);

        // What it had when it was interrupted is not lost.
        return terminal.Interrupted.IsCancellationRequested ? ExitCodes.Interrupted : ExitCodes.Held;
    }

    private CauseReport Search()
    {
        using var progress = new SearchProgress(terminal);
        void Show(string where, long runs) => progress.Show($"{Quantity.Count(runs)} runs; {where}");
        CauseReport? report = new CauseSearch(target.Scenario, target.Case, options) { Progress = Show }.Run(terminal.Interrupted);
        return report ?? throw (terminal.Interrupted.IsCancellationRequested
            ? new OperationCanceledException(terminal.Interrupted)
            : new UsageException("that run does not fail in this build; it has no cause"));
    }
}
