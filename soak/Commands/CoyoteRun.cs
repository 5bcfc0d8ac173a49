using System.Diagnostics;
using System.Globalization;
using SimGraph.Properties.Coyote;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;
using SimGraph.Soak.Rendering;

namespace SimGraph.Soak.Commands;

/// <summary>Runs a scenario by Coyote's engine and keeps what it says of a failure.</summary>
internal sealed class CoyoteRun(IScenario scenario, string profile, CoyoteOptions options, Terminal terminal)
{
    public const string TraceEnding = ".trace";
    private const string ReportEnding = ".report.txt";

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private ScenarioOutcome? _last;
    private long _steps;

    public int Explore(string artifactFolder)
    {
        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{scenario.Name}, profile {profile}, Coyote's engine, {CoyoteStrategies.MarkOf(options.Strategy)}, {options.Runs} runs, seeds from {options.Seed}"));
        CoyoteFinding finding = CoyoteExplorer.Explore(options, RunOnce, terminal.Interrupted);
        ViolationView.Line(terminal, "runs", $"{Quantity.Count(finding.Runs)} in {Quantity.Time(_clock.Elapsed)}, {Quantity.Count(_steps)} steps");
        if (!finding.Failed)
        {
            terminal.Out.WriteLine();
            terminal.Out.WriteLine("Violations: none");
            return ExitCodes.Held;
        }

        return Report(finding, artifactFolder);
    }

    private int Report(CoyoteFinding finding, string artifactFolder)
    {
        if (_last?.Result is not { Violation: { } violation } result || finding.Choices is not { } choices)
        {
            throw new InvalidOperationException($"Coyote could not end a run: {finding.Report}");
        }

        var request = new ScenarioRequest { Seed = finding.Seed, Profile = profile };
        RunArtifact artifact = RunRecorder.ArtifactOf(scenario, request, _last, choices) with { Variant = CoyoteStrategies.MarkOf(options.Strategy) };
        string path = artifact.Save(artifactFolder);
        string beside = Path.ChangeExtension(path, null);
        File.WriteAllText(beside + TraceEnding, finding.Trace);
        File.WriteAllText(beside + ReportEnding, $"{finding.Report}\n\n{finding.Statistics}\n");
        terminal.Out.WriteLine();
        ViolationView.WriteHead(violation, terminal);
        ViolationView.Line(terminal, "found by", string.Create(CultureInfo.InvariantCulture, $"run {finding.Runs}, Coyote's seed {finding.Seed}, {result.Steps} steps"));
        ViolationView.WriteOptions(_last.Options, terminal);
        ViolationView.Line(terminal, "artifact", path);
        ViolationView.Line(terminal, "reproduce", ReproduceCommand.For(path));
        ViolationView.Line(terminal, "by Coyote", $"{ReproduceCommand.For(beside + TraceEnding)} --scenario {scenario.Name} --profile {profile}");
        ViolationView.Line(terminal, "report", beside + ReportEnding);
        return (int)violation.Class;
    }

    private RunResult RunOnce(IChoiceSource choices, Coverage coverage)
    {
        _last = scenario.Run(new ScenarioRequest
        {
            Seed = options.Seed,
            Profile = profile,
            Choices = choices,
            Coverage = options.Strategy == CoyoteStrategy.QLearning ? coverage : null,
            Abort = terminal.Interrupted,
        });
        _steps += _last.Result.Steps;
        return _last.Result;
    }
}
