using System.Globalization;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using SimGraph.Soak.FineLane;
using SimGraph.Soak.FineLane.Zoom;
using SimGraph.Soak.Rendering;

namespace SimGraph.Soak.Commands;

/// <summary>Keeps what a component was asked in a fast run, and has it asked again in the fine lane.</summary>
internal sealed class ZoomRun(ZoomOptions options, Terminal terminal)
{
    public Task<int> OfSeedAsync(IScenario scenario, ulong seed, string profile)
    {
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{scenario.Name}, profile {profile}, seed {seed}"));
        return OfRunAsync(scenario, view => scenario.Run(view with { Seed = seed, Profile = profile }), seed, profile);
    }

    public Task<int> OfArtifactAsync(IScenario scenario, RunArtifact artifact)
    {
        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{artifact.Scenario}, profile {artifact.Profile}, seed {artifact.Seed}, recorded: {artifact.Choices.Count} choices"));
        return OfRunAsync(scenario, view => Replayed(scenario, artifact, view), artifact.Seed, artifact.Profile);
    }

    /// <summary>Makes the calls of a file again.</summary>
    public static async Task<int> OfFileAsync(string path, ZoomOptions options, Terminal terminal)
    {
        ZoomFile file;
        try
        {
            file = ZoomFile.Parse(Parsing.Read(path));
        }
        catch (FormatException exception)
        {
            throw new UsageException($"{path}: a damaged file of calls: {exception.Message}");
        }

        FineLaneProgram program = OwnProgram();
        await BuildAsync(program, options, terminal);
        WriteCalls(file, path, terminal);
        return await new ZoomReplay(program, terminal).RunAsync(path, file, options.Schedules);
    }

    private async Task<int> OfRunAsync(IScenario scenario, Func<ScenarioRequest, ScenarioOutcome> run, ulong seed, string profile)
    {
        // What is missing shows before the run is made, which may take long.
        FineLaneProgram program = OwnProgram();
        string path = options.Output ?? Path.Combine("artifacts", string.Create(CultureInfo.InvariantCulture, $"{scenario.Name}-{profile}-{seed}-{options.Machine}-{options.Component}{ZoomFile.Extension}"));
        bool hasWindow = options.From is not null || options.Until is not null;
        var recorder = new ZoomRecorder(
            options.Machine, options.Component, options.From ?? 0, options.Until ?? long.MaxValue, hasWindow ? ZoomFile.CallsMax : ZoomOptions.UsualCalls);
        ScenarioOutcome outcome = run(new ScenarioRequest { Seed = seed, Profile = profile, InputListener = recorder.Hear, Abort = terminal.Interrupted });
        terminal.Interrupted.ThrowIfCancellationRequested();
        WriteEnd(outcome.Result);
        var file = new ZoomFile(
            new ZoomHead
            {
                Format = ZoomHead.PresentFormat,
                Scenario = scenario.Name,
                Profile = profile,
                Seed = seed,
                Violation = outcome.Result.Violation?.Name,
                Machine = options.Machine,
                Component = options.Component,
                From = options.From ?? 0,
                Until = options.Until ?? outcome.Result.Steps + 1,
                LeftOut = recorder.LeftOut,
            },
            CallsOf(recorder, outcome.Result));
        Write(path, file);
        WriteCalls(file, path, terminal);
        await BuildAsync(program, options, terminal);
        return await new ZoomReplay(program, terminal).RunAsync(path, file, options.Schedules);
    }

    private ScenarioOutcome Replayed(IScenario scenario, RunArtifact artifact, ScenarioRequest view)
    {
        ReplayReport report = Replay.Run(scenario, artifact, view);
        if (report.Diverged)
        {
            throw new UsageException($"the run left its recording: the code asks for other choices now; try the seed: {artifact.Seed} --scenario {artifact.Scenario} --profile {artifact.Profile}");
        }

        if (!report.ViolationCameBack)
        {
            terminal.Out.WriteLine($"The violation did not come back: recorded was {artifact.Violation?.Name ?? "none"}.");
        }

        return report.Outcome;
    }

    private IReadOnlyList<ZoomCall> CallsOf(ZoomRecorder recorder, RunResult result)
    {
        if (!recorder.Heard.TryGetValue(options.Machine, out SortedSet<string>? components))
        {
            throw new UsageException(recorder.Heard.Count == 0
                ? "no component of this run tells what it is asked"
                : $"--machine: '{options.Machine}' has no component that tells what it is asked; there are: {string.Join(", ", recorder.Heard.Select(static machine => $"{machine.Key} ({string.Join(", ", machine.Value)})"))}");
        }

        if (!components.Contains(options.Component))
        {
            throw new UsageException($"--component: {options.Machine} has no {options.Component}; it has: {string.Join(", ", components)}");
        }

        IReadOnlyList<ZoomCall> calls = recorder.Calls();
        return calls.Count > 0
            ? calls
            : throw new UsageException(
                $"the {options.Component} of {options.Machine} was asked nothing from step {options.From ?? 0} until {options.Until ?? result.Steps + 1}; the run has {result.Steps} steps");
    }

    private void WriteEnd(RunResult result)
    {
        terminal.Out.WriteLine();
        if (result.Violation is { } violation)
        {
            ViolationView.WriteHead(violation, terminal);
        }
        else
        {
            terminal.Out.WriteLine("All held in the fast lane.");
        }

        ViolationView.Line(terminal, "hash", result.Hash.ToString("x16", CultureInfo.InvariantCulture));
        terminal.Out.WriteLine();
    }

    private static void WriteCalls(ZoomFile file, string path, Terminal terminal)
    {
        int lives = file.Lives;
        int calls = file.Calls.Count - lives;
        terminal.Out.WriteLine(
            $"{calls} {(calls == 1 ? "call" : "calls")} of {file.Head.Component} on {file.Head.Machine}, in {lives} {(lives == 1 ? "life" : "lives")}, by {file.Calls.Select(static call => call.Caller).Distinct().Count()} callers, "
            + $"steps {file.Calls.First(static call => call.Call != ZoomCall.Open).Step} to {file.Calls[^1].Step}{(file.Head.LeftOut > 0 ? $"; {Quantity.Count(file.Head.LeftOut)} earlier ones are left out" : string.Empty)}");
        ViolationView.Line(terminal, "calls", path);
    }

    private static void Write(string path, ZoomFile file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.WriteAllText(path, file.ToText());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"--output: {path} cannot be written: {exception.Message}");
        }
    }

    private static FineLaneProgram OwnProgram() => FineLaneProgram.Of(ZoomReplay.Program, BuildConfiguration);

    private static string BuildConfiguration =>
        typeof(ZoomRun).Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyConfigurationAttribute), inherit: false) is [System.Reflection.AssemblyConfigurationAttribute { Configuration: { Length: > 0 } name }] ? name : "Release";

    private static async Task BuildAsync(FineLaneProgram program, ZoomOptions options, Terminal terminal)
    {
        if (options.Build)
        {
            terminal.Out.WriteLine("Building the fine lane.");
            terminal.Out.Flush();
            await program.BuildAsync(terminal.Interrupted);
        }
    }
}
