using System.CommandLine;
using System.Globalization;
using SimGraph.Simulation.Exploration;
using SimGraph.Soak.FineLane.Zoom;

namespace SimGraph.Soak.Commands;

/// <summary><c>simgraph zoom</c>: one component of a fast run, in the fine lane.</summary>
internal static class ZoomCommand
{
    public const string Name = "zoom";

    private const int SchedulesUsual = 1_000;

    private const string Description =
        """
        Replays a run, keeps what one component of one machine was asked in a window of it, and makes these calls again in the fine lane: the component as Coyote has rewritten it, each caller a task of its
        own, on many schedules. Needs a checkout (docs/coyote.md). Exit codes are those of the fine lane: 0 all held, 2 a promise of the component is broken, 3 something waits for ever, 1 usage.
        """;

    public static Example[] Examples { get; } =
    [
        new("simgraph zoom artifacts/storage-wal-swarm-1.simgraph --machine storage --component wal", "the log of a recorded failure"),
        new("simgraph zoom 42 --machine n1 --component inbox --from 900 --until 1200", "what a node's loop was asked between two steps of seed 42"),
        new("simgraph zoom artifacts/cluster-swarm-42-n1-wal.zoom --schedules 5000", "the calls of an earlier zoom, on more schedules"),
    ];

    public static Command Create(IReadOnlyList<IScenario> scenarios, Terminal terminal)
    {
        string names = string.Join('|', ZoomFile.Components);
        var target = new Argument<string>("SEED|FILE") { Description = "A seed, a recorded run, or the calls of an earlier zoom (then nothing but --schedules counts)." };
        Option<string> scenario = Parsing.ScenarioOption();
        Option<string> profile = Parsing.ProfileOption();
        var machine = new Option<string?>("--machine") { Description = "Whose component.", HelpName = "NAME" };
        var component = new Option<string?>("--component") { Description = "Which component: wal (a write-ahead log), inbox (what a node's event loop is asked).", HelpName = names };
        Option<long?> from = Step("--from", "The window's first step. Without a window: the last calls of the run.");
        Option<long?> until = Step("--until", "The step behind the window.");
        var schedules = new Option<int>("--schedules")
        {
            Description = "Schedules in the fine lane, of all lives of the component together.",
            HelpName = "N",
            DefaultValueFactory = static _ => SchedulesUsual,
            CustomParser = static result => Parsing.Number(result, "--schedules", 1, 1_000_000),
        };
        var output = new Option<string?>("--output") { Description = "Where the calls are written; a failing schedule goes into the same folder. Otherwise a name of its own in artifacts.", HelpName = "FILE" };
        var noBuild = new Option<bool>("--no-build") { Description = "Take the rewritten test program as it is." };
        var command = new Command(Name, Description) { target, scenario, profile, machine, component, from, until, schedules, output, noBuild };
        command.SetAction(async (parsed, _) =>
        {
            string wanted = parsed.GetRequiredValue(target);
            bool isOfFile = wanted.EndsWith(ZoomFile.Extension, StringComparison.Ordinal);
            var options = new ZoomOptions
            {
                Machine = parsed.GetValue(machine) ?? (isOfFile ? string.Empty : throw new UsageException("say whose component with --machine NAME")),
                Component = parsed.GetValue(component) ?? (isOfFile ? ZoomFile.Components[0] : throw new UsageException($"say which component with --component {names}")),
                From = parsed.GetValue(from),
                Until = parsed.GetValue(until),
                Schedules = parsed.GetValue(schedules),
                Output = parsed.GetValue(output),
                Build = !parsed.GetValue(noBuild),
            };
            options.Validate(ZoomFile.Components);
            if (isOfFile)
            {
                return await ZoomRun.OfFileAsync(wanted, options, terminal);
            }

            var run = new ZoomRun(options, terminal);
            if (ulong.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed))
            {
                return await run.OfSeedAsync(Parsing.Find(scenarios, parsed.GetRequiredValue(scenario)), seed, parsed.GetRequiredValue(profile));
            }

            RunArtifact artifact = RunArtifact.Load(wanted);
            return await run.OfArtifactAsync(Parsing.Find(scenarios, artifact.Scenario), artifact);
        });
        return command;
    }

    private static Option<long?> Step(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "STEP",
        CustomParser = result => Parsing.Number<long>(result, name, 0, long.MaxValue),
    };
}
