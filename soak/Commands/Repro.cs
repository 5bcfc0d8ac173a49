using System.Diagnostics;
using System.Globalization;
using SimGraph.Properties.Coyote;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using SimGraph.Soak.Rendering;

namespace SimGraph.Soak.Commands;

/// <summary>Shows one run and says how it ended.</summary>
internal sealed class Repro(IScenario scenario, ReproOptions options, Terminal terminal)
{
    private static readonly TimeSpan DebuggerPoll = TimeSpan.FromMilliseconds(100);

    public int OfSeed(ulong seed, string profile)
    {
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{scenario.Name}, profile {profile}, seed {seed}"));
        ScenarioRequest request = View() with { Seed = seed, Profile = profile };
        ScenarioOutcome outcome = Show(scenario.Run, request);
        if (WriteEnd(outcome) is { } early)
        {
            return early;
        }

        if (options.Twice)
        {
            RunResult again = scenario.Run(request).Result;
            if (terminal.Interrupted.IsCancellationRequested)
            {
                return Interrupted();
            }

            if (!WriteComparison(outcome.Result, again, request))
            {
                return ExitCodes.Nondeterminism;
            }
        }

        return ExitCode(outcome);
    }

    public int OfArtifact(RunArtifact artifact)
    {
        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{artifact.Scenario}, profile {artifact.Profile}, seed {artifact.Seed}, recorded: {artifact.Choices.Count} choices"));
        ReplayReport? report = null;
        ScenarioOutcome Replayed(ScenarioRequest view)
        {
            report = Replay.Run(scenario, artifact, view);
            return report.Outcome;
        }

        ScenarioRequest request = View();
        ScenarioOutcome outcome = Show(Replayed, request);
        ReplayReport first = report!;
        if (first.ChangedAssemblies.Count > 0)
        {
            terminal.Out.WriteLine($"The code is not the recorded run's; changed: {string.Join(", ", first.ChangedAssemblies)}.");
        }

        if (WriteEnd(outcome) is { } early)
        {
            return early;
        }

        if (!options.StopsEarly)
        {
            WriteReplayVerdict(first);
        }

        if (options.Twice && !WriteComparison(outcome.Result, Replayed(request).Result, request with { Seed = artifact.Seed, Profile = artifact.Profile }))
        {
            return ExitCodes.Nondeterminism;
        }

        bool sameBuild = first.ChangedAssemblies.Count == 0;
        return sameBuild && !options.StopsEarly && !(first.HashCameBack && first.ViolationCameBack) ? ExitCodes.Nondeterminism : ExitCode(outcome);
    }

    /// <summary>Replays a trace of Coyote's by Coyote's engine.</summary>
    public int OfCoyote(string path, string profile)
    {
        string trace = Parsing.Read(path);
        terminal.Out.WriteLine($"{scenario.Name}, profile {profile}, by Coyote's trace {path}");
        ScenarioOutcome Replayed(ScenarioRequest view)
        {
            ScenarioOutcome? outcome = null;
            CoyoteFinding finding = CoyoteExplorer.Replay(
                trace, choices => (outcome = scenario.Run(view with { Profile = profile, Choices = choices })).Result, CoyoteStrategies.OfTrace(path));
            return outcome is not null && finding.Failed == outcome.Result.Violation is not null
                ? outcome
                : throw new UsageException($"{path}: this is no trace of scenario {scenario.Name} under profile {profile} and this build: {finding.Report?.Split('\n')[0]}");
        }

        ScenarioOutcome replayed = Show(Replayed, View());
        return WriteEnd(replayed) ?? ExitCode(replayed);
    }

    private ScenarioRequest View() => new()
    {
        Seed = 0,
        CaptureStacks = options.Stacks,
        StopAtStep = options.Break ? long.MaxValue : options.Until,
        BreakAtStep = options.Break ? options.Until : long.MaxValue,
        Abort = terminal.Interrupted,
    };

    private ScenarioOutcome Show(Func<ScenarioRequest, ScenarioOutcome> run, ScenarioRequest request)
    {
        if (options.History is not { } file)
        {
            return ShowEvents(run, request);
        }

        var lines = new List<string>();
        ScenarioOutcome outcome = ShowEvents(run, request with { HistoryListener = lines.Add });
        if (lines.Count == 0)
        {
            throw new UsageException($"--history: scenario {scenario.Name} has no clients whose history could be written");
        }

        try
        {
            File.WriteAllLines(file, lines);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"--history: {file} cannot be written: {exception.Message}");
        }

        return outcome;
    }

    private ScenarioOutcome ShowEvents(Func<ScenarioRequest, ScenarioOutcome> run, ScenarioRequest request)
    {
        if (options.Break)
        {
            WaitForDebugger();
        }

        if (!options.Events)
        {
            return run(request);
        }

        ScenarioOutcome outcome;
        string? problem;
        using (var log = EventLog.Open(options.Output, terminal))
        {
            outcome = run(request with { TraceListener = log.Add });
            problem = log.Problem;
        }

        return problem is null ? outcome : throw new UsageException($"--output: {options.Output ?? "standard output"} could not be written to its end: {problem}");
    }

    private void WaitForDebugger()
    {
        if (!Debugger.IsAttached)
        {
            terminal.Out.WriteLine($"Attach a debugger to process {Environment.ProcessId}; waiting for it.");
            terminal.Out.Flush();
        }

        while (!Debugger.IsAttached)
        {
            terminal.Interrupted.ThrowIfCancellationRequested();
            Thread.Sleep(DebuggerPoll);
        }
    }

    /// <summary>Writes how the run ended; an exit code when that is all there is to say.</summary>
    private int? WriteEnd(ScenarioOutcome outcome)
    {
        RunResult result = outcome.Result;
        terminal.Out.WriteLine();
        if (result.Stopped && terminal.Interrupted.IsCancellationRequested)
        {
            return Interrupted();
        }

        if (result.Violation is { } violation)
        {
            ViolationView.WriteHead(violation, terminal);
        }
        else
        {
            terminal.Out.WriteLine(result.Stopped ? $"Stopped before step {Quantity.Count(options.Until)}, as asked; nothing had failed by then." : "All held.");
        }

        ViolationView.WriteOptions(outcome.Options, terminal);
        ViolationView.Line(terminal, "run", $"{Quantity.Count(result.Steps)} steps, {Quantity.Count(result.EventsFired)} timed events, {Quantity.Time(result.VirtualTime)} of virtual time");
        ViolationView.Line(terminal, "hash", result.Hash.ToString("x16", CultureInfo.InvariantCulture));
        return null;
    }

    private void WriteReplayVerdict(ReplayReport report)
    {
        string seedCommand = ReproduceCommand.For(report.Artifact.Scenario, report.Artifact.Profile, report.Artifact.Seed);
        string verdict = report switch
        {
            { Diverged: true } => $"The run left its recording: the code asks for other choices now. Try the seed instead: {seedCommand}",
            { HashCameBack: true, ViolationCameBack: true } => report.Artifact.Violation is { } violation
                ? $"Came back: {violation.Name}, and every step is as recorded."
                : "Came back: every step is as recorded.",
            { ViolationCameBack: true } => "The verdict came back, but the steps are not those of the recording.",
            _ => $"Did not come back: recorded was {report.Artifact.Violation?.Name ?? "no violation"}. Try the seed: {seedCommand}",
        };
        terminal.Out.WriteLine(verdict);
    }

    private bool WriteComparison(RunResult first, RunResult second, ScenarioRequest request)
    {
        if (first.Hash == second.Hash && first.Steps == second.Steps)
        {
            terminal.Out.WriteLine("Run twice: the same hash both times.");
            return true;
        }

        ViolationView.WriteHead(RunComparison.Explain(scenario, request, first, second), terminal);
        return false;
    }

    private static int ExitCode(ScenarioOutcome outcome) => outcome.Result.Violation is { } violation ? (int)violation.Class : ExitCodes.Held;

    private int Interrupted()
    {
        terminal.Out.WriteLine("Interrupted.");
        return ExitCodes.Interrupted;
    }
}
