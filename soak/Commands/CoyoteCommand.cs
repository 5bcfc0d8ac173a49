using System.CommandLine;
using SimGraph.Properties.Coyote;
using SimGraph.Simulation.Exploration;

namespace SimGraph.Soak.Commands;

/// <summary><c>simgraph coyote</c>: whole runs whose choices Coyote's engine makes.</summary>
internal static class CoyoteCommand
{
    public const string Name = "coyote";

    private const int RunsDefault = 200;

    private const string Description =
        """
        Lets Coyote's engine make every choice of whole runs: seeds are Coyote's. What fails is kept as a recording of ours, which `repro` replays, beside Coyote's trace, which `repro` replays
        too, and its report. The fine lane, in which Coyote controls tasks and locks, is `dotnet test --project tests/Coyote`. Exit codes are those of `run`.
        """;

    public static Example[] Examples { get; } =
    [
        new("simgraph coyote --runs 1000", "elections, replication and shutdowns under Coyote's random choices"),
        new("simgraph coyote --strategy q-learning --scenario mailboxes", "choices that Coyote learns to make differently in states that it knows"),
        new("simgraph repro artifacts/cluster-swarm-7-coyote.trace --scenario cluster", "replay Coyote's own trace"),
    ];

    public static Command Create(IReadOnlyList<IScenario> scenarios, Terminal terminal)
    {
        var strategy = new Option<string>("--strategy")
        {
            Description = "How Coyote chooses.",
            HelpName = string.Join('|', CoyoteStrategies.Names),
            DefaultValueFactory = static _ => CoyoteStrategies.Names[0],
        };
        var runs = new Option<int>("--runs")
        {
            Description = "How many runs.",
            HelpName = "N",
            CustomParser = static result => Parsing.Number<int>(result, "--runs", 1, int.MaxValue),
            DefaultValueFactory = static _ => RunsDefault,
        };
        var from = new Option<uint>("--from")
        {
            Description = "Coyote's first seed; the others follow it.",
            HelpName = "SEED",
            CustomParser = static result => Parsing.Number<uint>(result, "--from", 0, int.MaxValue),
            DefaultValueFactory = static _ => 1,
        };
        Option<string> artifacts = CampaignArguments.Artifacts("Folder for the recording, Coyote's trace and its report of the run that failed.");
        Option<string> scenario = Parsing.ScenarioOption();
        Option<string> profile = Parsing.ProfileOption();
        var command = new Command(Name, Description) { scenario, profile, strategy, runs, from, artifacts };
        command.SetAction(parsed =>
        {
            var options = new CoyoteOptions
            {
                Strategy = CoyoteStrategies.Parse(parsed.GetRequiredValue(strategy)),
                Runs = parsed.GetValue(runs),
                Seed = parsed.GetValue(from),
            };
            IScenario wanted = Parsing.Find(scenarios, parsed.GetRequiredValue(scenario));
            return new CoyoteRun(wanted, parsed.GetRequiredValue(profile), options, terminal).Explore(parsed.GetRequiredValue(artifacts));
        });
        return command;
    }
}
