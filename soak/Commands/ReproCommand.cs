using System.CommandLine;
using System.Globalization;
using SimGraph.Simulation.Exploration;
using SimGraph.Soak.FineLane;

namespace SimGraph.Soak.Commands;

/// <summary><c>simgraph repro</c>: one run again.</summary>
internal static class ReproCommand
{
    public const string Name = "repro";

    private const string Description = "Replays one seed, or a recorded run, and prints its events (legend: docs/event-log.md).";

    public static Example[] Examples { get; } =
    [
        new("simgraph repro 42 --output 42.log", "all events of seed 42, into a file"),
        new("simgraph repro 42 --until 1200", "stop before step 1,200"),
        new("simgraph repro 42 --until 1200 --break --no-events", "break into the debugger there"),
        new("simgraph repro 42 --twice --no-events", "prove that it is deterministic"),
        new("simgraph repro 42 --no-events --history 42.txt", "what its clients saw, for `simgraph check`"),
        new("simgraph repro artifacts/cluster-swarm-42.simgraph", "replay a recording, checked at every choice"),
        new("simgraph repro tests/Coyote/bin/Debug/net10.0/fine-lane-traces/wal-failed-flush.trace", "replay a schedule that the rewritten tests found"),
    ];

    public static Command Create(IReadOnlyList<IScenario> scenarios, Terminal terminal)
    {
        var target = new Argument<string>("SEED|FILE") { Description = "A seed, a recorded run, Coyote's trace of one (then with --scenario and --profile), or a trace of the fine lane." };
        Option<string> scenario = Parsing.ScenarioOption();
        Option<string> profile = Parsing.ProfileOption();
        var twice = new Option<bool>("--twice") { Description = "Run it twice and compare; exit code 5 if the two differ." };
        var until = new Option<long?>("--until")
        {
            Description = "Stop before this step.",
            HelpName = "STEP",
            CustomParser = static result => Parsing.Number<long>(result, "--until", 1, long.MaxValue),
        };
        var breakThere = new Option<bool>("--break") { Description = "With --until: break into the debugger there instead of stopping. Waits until one is attached." };
        var events = new Option<bool>("--events") { Description = "Print the events (the default)." };
        var noEvents = new Option<bool>("--no-events") { Description = "Print the verdict only." };
        var output = new Option<string?>("--output") { Description = "Write the events to a file.", HelpName = "FILE" };
        var history = new Option<string?>("--history") { Description = "Write what the clients asked and were told, for `check --model graph` (docs/histories.md).", HelpName = "FILE" };
        var stacks = new Option<bool>("--stacks") { Description = "Show where leaked things were created: slow." };
        var command = new Command(Name, Description) { target, scenario, profile, twice, until, breakThere, events, noEvents, output, history, stacks };
        command.SetAction(async (parsed, _) =>
        {
            if (parsed.GetValue(events) && parsed.GetValue(noEvents))
            {
                throw new UsageException("--events and --no-events exclude each other");
            }

            var options = new ReproOptions
            {
                Twice = parsed.GetValue(twice),
                Until = parsed.GetValue(until) ?? long.MaxValue,
                Break = parsed.GetValue(breakThere),
                Events = !parsed.GetValue(noEvents) || parsed.GetValue(output) is not null,
                Output = parsed.GetValue(output),
                History = parsed.GetValue(history),
                Stacks = parsed.GetValue(stacks),
            };
            options.Validate();
            string wanted = parsed.GetRequiredValue(target);
            string scenarioName = parsed.GetRequiredValue(scenario);
            string profileName = parsed.GetRequiredValue(profile);
            if (ulong.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed))
            {
                return new Repro(Parsing.Find(scenarios, scenarioName), options, terminal).OfSeed(seed, profileName);
            }

            if (wanted.EndsWith(CoyoteRun.TraceEnding, StringComparison.Ordinal))
            {
                if (ReadFineLane(wanted) is { } trace)
                {
                    return await new FineLaneRepro(terminal).RunAsync(wanted, trace);
                }

                return new Repro(Parsing.Find(scenarios, scenarioName), options, terminal).OfCoyote(wanted, profileName);
            }

            RunArtifact artifact = RunArtifact.Load(wanted);
            Check(parsed, scenario, artifact.Scenario);
            Check(parsed, profile, artifact.Profile);
            return new Repro(Parsing.Find(scenarios, artifact.Scenario), options, terminal).OfArtifact(artifact);
        });
        return command;
    }

    private static FineLaneTrace? ReadFineLane(string path)
    {
        try
        {
            return FineLaneTrace.TryParse(Parsing.Read(path), out FineLaneTrace? trace) ? trace : null;
        }
        catch (FormatException exception)
        {
            throw new UsageException($"{path}: a damaged trace of the fine lane: {exception.Message}");
        }
    }

    private static void Check(ParseResult parsed, Option<string> option, string recorded)
    {
        if (parsed.GetResult(option) is { Implicit: false } && parsed.GetValue(option) != recorded)
        {
            throw new UsageException($"{option.Name}: the recorded run is of '{recorded}', not of '{parsed.GetValue(option)}'; leave the option out");
        }
    }
}
