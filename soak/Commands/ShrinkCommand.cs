using System.CommandLine;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Exploration.Shrinking;

namespace SimGraph.Soak.Commands;

/// <summary><c>simgraph shrink</c>: the smallest run that fails in the same way.</summary>
internal static class ShrinkCommand
{
    public const string Name = "shrink";

    private const string Description =
        """
        Makes a failed run as small as it gets: fewer machines, clients, operations and faults, options at their defaults, chance only where it matters, and still the same check
        that fails. Writes a recording, and an xunit test with the plan written out. A shrunk recording can be shrunk further. Exit codes: 0 shrunk, 1 usage, or the run does not fail, 130 interrupted.
        """;

    public static Example[] Examples { get; } =
    [
        new("simgraph shrink artifacts/cluster-swarm-42.simgraph --test Bug.cs", "a recorded failure, and a test of it"),
        new("simgraph shrink 42 --scenario fanout --profile brutal", "a seed"),
        new("simgraph shrink artifacts/cluster-swarm-42-shrunk.simgraph --time 10m", "go on with what was shrunk before"),
    ];

    public static Command Create(IReadOnlyList<IScenario> scenarios, Terminal terminal)
    {
        var target = new Argument<string>("SEED|FILE") { Description = "A seed, or a recorded run." };
        Option<string> scenario = Parsing.ScenarioOption();
        Option<string> profile = Parsing.ProfileOption();
        Option<TimeSpan> time = Parsing.TimeOption(TimeSpan.FromSeconds(60), "For how long at most, such as 30s or 5m.");
        Option<int?> jobs = CampaignArguments.Jobs();
        Option<string> artifacts = CampaignArguments.Artifacts("Folder for the recording of the shrunk run.");
        var test = new Option<string?>("--test") { Description = "Write an xunit test of it to this file.", HelpName = "FILE.cs" };
        var summary = new Option<string?>("--summary") { Description = "Write what was done to this file too, as JSON.", HelpName = "FILE" };
        var command = new Command(Name, Description) { target, scenario, profile, time, jobs, artifacts, test, summary };
        command.SetAction(parsed =>
        {
            FailingTarget failing = FailingTarget.Of(scenarios, parsed.GetRequiredValue(target), parsed.GetRequiredValue(scenario), parsed.GetRequiredValue(profile));
            var options = new ShrinkOptions { Time = parsed.GetValue(time), Jobs = parsed.GetValue(jobs) ?? Environment.ProcessorCount };
            return new Shrink(failing, options, terminal).Run(parsed.GetRequiredValue(artifacts), parsed.GetValue(test), parsed.GetValue(summary));
        });
        return command;
    }
}
