using System.Globalization;
using System.Text;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Exploration.Shrinking;
using SimGraph.Simulation.Trace;
using SimGraph.Soak.Rendering;

namespace SimGraph.Soak.Commands;

/// <summary>Shrinks one failure and says what became of it.</summary>
internal sealed class Shrink(FailingTarget target, ShrinkOptions options, Terminal terminal)
{
    /// <summary>Events that are kept to explain the failure: a shrunk run has some thousands.</summary>
    private const int EventsMax = 2_000_000;

    public int Run(string artifactFolder, string? testFile, string? summaryFile)
    {
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target.Scenario.Name}, profile {target.Profile}, seed {target.Case.Seed}: for {Quantity.Time(options.Time)} at most, {options.Jobs} at a time"));
        using FileStream? test = Parsing.Create("--test", testFile);
        using FileStream? summary = Parsing.Create("--summary", summaryFile);
        ShrinkReport report = Search();
        var events = new List<TraceRecord>();
        RunArtifact artifact = RunRecorder.Record(
            target.Scenario,
            report.Smallest,
            new ScenarioRequest
            {
                Seed = target.Case.Seed,
                Profile = target.Profile,
                TraceListener = happened =>
                {
                    if (events.Count < EventsMax)
                    {
                        events.Add(happened);
                    }
                },
            });
        string path = (artifact with { Variant = "shrunk" }).Save(artifactFolder);
        ShrinkView.Write(report, CausalSlice.Of(events, TraceKind.Violation), terminal);
        ViolationView.Line(terminal, "artifact", path);
        ViolationView.Line(terminal, "reproduce", ReproduceCommand.For(path));
        if (summary is not null)
        {
            ShrinkSummary.Of(report).Write(summary);
        }

        if (test is not null)
        {
            test.Write(Encoding.UTF8.GetBytes(RegressionTest.Write(target.Scenario, report.Smallest, artifact.Violation!, ClassNameOf(testFile!))));
            ViolationView.Line(terminal, "test", testFile!);
        }

        // What it had when it was interrupted is not lost.
        return terminal.Interrupted.IsCancellationRequested ? ExitCodes.Interrupted : ExitCodes.Held;
    }

    private ShrinkReport Search()
    {
        using var progress = new SearchProgress(terminal);
        void Show(ScenarioOutcome outcome, long candidates, long accepted) => progress.Show(
            $"{Quantity.Count(candidates)} tried, {Quantity.Count(accepted)} kept; it fails after {Quantity.Count(outcome.Result.Steps)} steps, {Quantity.Count(ShrinkSummary.FaultsOf(outcome))} faults");
        ShrinkReport? report = new Shrinker(target.Scenario, target.Case, options) { Progress = Show }.Run(terminal.Interrupted);
        return report ?? throw (terminal.Interrupted.IsCancellationRequested
            ? new OperationCanceledException(terminal.Interrupted)
            : new UsageException("that run does not fail in this build; nothing to shrink"));
    }

    /// <summary>The file's name as an identifier.</summary>
    private static string ClassNameOf(string file)
    {
        var name = new StringBuilder();
        foreach (char character in Path.GetFileNameWithoutExtension(file))
        {
            name.Append(char.IsAsciiLetterOrDigit(character) ? character : '_');
        }

        return name.Length == 0 || char.IsAsciiDigit(name[0]) ? $"Failure{name}" : name.ToString();
    }
}
