using System.CommandLine;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Strategies;
using SimGraph.Soak.Rendering;

namespace SimGraph.Soak.Commands;

/// <summary><c>simgraph explore</c>: a campaign of a strategy, or of all of them in turns.</summary>
internal static class ExploreCommand
{
    public const string Name = "explore";

    private const string Description =
        "Explores schedules by a strategy, one run at a time, and says which strategy found what (docs/strategies.md). Faults and delays are those of the seeds.";

    public static Example[] Examples { get; } =
    [
        new("simgraph explore --scenario interleavings-aba", "all strategies in turns, until one finds it"),
        new("simgraph explore --strategy dfs --scenario interleavings-lost-wake-up --keep-going", "every schedule, within a bound"),
        new("simgraph explore --strategy pct --depth 2 --scenario mailboxes --seeds 1000", "a thousand runs"),
    ];

    public static Command Create(IReadOnlyList<IScenario> scenarios, Terminal terminal)
    {
        var strategy = new Option<string>("--strategy")
        {
            Description = "How the next continuation is picked; portfolio takes all in turns.",
            HelpName = string.Join('|', [.. StrategyCatalog.Names, StrategyCatalog.Portfolio]),
            DefaultValueFactory = static _ => StrategyCatalog.Portfolio,
        };
        Option<TimeSpan?> time = CampaignArguments.Time();
        Option<long?> seeds = CampaignArguments.Seeds("How many runs, each with a seed of its own, over all strategies.");
        Option<ulong> from = CampaignArguments.From();
        Option<int> depth = Bound("--depth", "Depth of the bugs that pct and fair-pct look for.", new StrategyOptions().Depth, 1, 64);
        Option<int> delays = Bound("--delays", "Delays of delay-bounded.", new StrategyOptions().Delays, 0, 64);
        Option<int> decisions = Bound("--decisions", "Decisions of a run whose alternatives dfs tries.", new StrategyOptions().DecisionsMax, 1, 1_000_000);
        var keepGoing = new Option<bool>("--keep-going") { Description = "Go on after a violation, to see which strategies find it." };
        Option<string> artifacts = CampaignArguments.Artifacts("Folder for the recordings of failed runs; each strategy has one in it.");
        Option<string> scenario = Parsing.ScenarioOption();
        Option<string> profile = Parsing.ProfileOption();
        var command = new Command(Name, Description) { strategy, scenario, time, seeds, from, profile, depth, delays, decisions, keepGoing, artifacts };
        command.SetAction(parsed =>
        {
            long? seedsWanted = parsed.GetValue(seeds);
            var options = new StrategyCampaignOptions
            {
                Strategy = parsed.GetRequiredValue(strategy),
                Bounds = new StrategyOptions { Depth = parsed.GetValue(depth), Delays = parsed.GetValue(delays), DecisionsMax = parsed.GetValue(decisions) },
                Profile = parsed.GetRequiredValue(profile),
                FromSeed = parsed.GetValue(from),
                Seeds = seedsWanted,
                Time = parsed.GetValue(time) ?? (seedsWanted is null ? TimeSpan.FromSeconds(30) : null),
                KeepGoing = parsed.GetValue(keepGoing),
                ArtifactFolder = parsed.GetRequiredValue(artifacts),
            };
            return Run(Parsing.Find(scenarios, parsed.GetRequiredValue(scenario)), options, terminal);
        });
        return command;
    }

    private static Option<int> Bound(string name, string description, int standard, int least, int most) => new(name)
    {
        Description = $"{description} Default {standard}.",
        HelpName = "N",
        CustomParser = result => Parsing.Number(result, name, least, most),
        DefaultValueFactory = _ => standard,
    };

    private static int Run(IScenario scenario, StrategyCampaignOptions options, Terminal terminal)
    {
        StrategyCampaign campaign;
        try
        {
            campaign = new StrategyCampaign(scenario, options);
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(exception.Message);
        }

        terminal.Out.WriteLine($"{scenario.Name}, profile {options.Profile}, strategy {options.Strategy}, seeds from {options.FromSeed}");
        StrategyCampaignReport report = campaign.Run(terminal.Interrupted);
        StrategyView.Write(report, scenario.Name, options.Profile, terminal);
        return report.ExitCode;
    }
}
