using System.CommandLine;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Exploration.Guidance;
using SimGraph.Soak.Rendering;

namespace SimGraph.Soak.Commands;

/// <summary><c>simgraph guide</c>: a campaign that learns from its runs.</summary>
internal static class GuideCommand
{
    public const string Name = "guide";

    private const string Description =
        """
        Explores like `run`, and learns: runs in which events follow each other as in no run before are kept, and variants of them are run (other seeds, scripts of faults crossed with others).
        Ends with an estimate of what is still unseen (docs/guided-exploration.md). Exit codes are those of `run`.
        """;

    public static Example[] Examples { get; } =
    [
        new("simgraph guide --time 10m", "ten minutes"),
        new("simgraph guide --until-flat 2000 --scenario fanout", "until 2,000 runs in a row have shown nothing new"),
        new("simgraph guide --runs 1000 --fresh 100", "no variants: what `run` does, with the estimate"),
    ];

    public static Command Create(IReadOnlyList<IScenario> scenarios, Terminal terminal)
    {
        Option<TimeSpan?> time = CampaignArguments.Time();
        Option<long?> runs = Limit("--runs", "How many runs.");
        Option<long?> flat = Limit("--until-flat", "End when so many runs in a row have shown nothing new.");
        Option<ulong> from = CampaignArguments.From();
        Option<int?> jobs = CampaignArguments.Jobs();
        var fresh = new Option<int>("--fresh")
        {
            Description = "Share of fresh seeds, in percent; the rest are variants.",
            HelpName = "PERCENT",
            CustomParser = static result => Parsing.Number<int>(result, "--fresh", 0, 100),
            DefaultValueFactory = static _ => new GuidedOptions().FreshPercent,
        };
        var keepGoing = new Option<bool>("--keep-going") { Description = "Go on after a violation and group what fails." };
        Option<string> artifacts = CampaignArguments.Artifacts("Folder for the recordings of failed runs.");
        Option<string> scenario = Parsing.ScenarioOption();
        Option<string> profile = Parsing.ProfileOption();
        var command = new Command(Name, Description) { scenario, time, runs, flat, from, profile, fresh, jobs, keepGoing, artifacts };
        command.SetAction(parsed =>
        {
            long? runsWanted = parsed.GetValue(runs);
            long? flatWanted = parsed.GetValue(flat);
            var options = new GuidedOptions
            {
                Profile = parsed.GetRequiredValue(profile),
                FromSeed = parsed.GetValue(from),
                Runs = runsWanted,
                FlatRuns = flatWanted,
                Time = parsed.GetValue(time) ?? (runsWanted is null && flatWanted is null ? TimeSpan.FromSeconds(30) : null),
                FreshPercent = parsed.GetValue(fresh),
                Jobs = parsed.GetValue(jobs) ?? Environment.ProcessorCount,
                KeepGoing = parsed.GetValue(keepGoing),
                ArtifactFolder = parsed.GetRequiredValue(artifacts),
            };
            IScenario wanted = Parsing.Find(scenarios, parsed.GetRequiredValue(scenario));
            return Run(wanted as IPlannedScenario ?? throw new UsageException($"scenario {wanted.Name} has no plans that could be varied"), options, terminal);
        });
        return command;
    }

    private static Option<long?> Limit(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Parsing.Number<long>(result, name, 1, long.MaxValue),
    };

    private static int Run(IPlannedScenario scenario, GuidedOptions options, Terminal terminal)
    {
        terminal.Out.WriteLine($"{scenario.Name}, profile {options.Profile}, seeds from {options.FromSeed}, {options.FreshPercent} % fresh, {options.Jobs} at a time");
        GuidedReport report = Explore(scenario, options, terminal);
        GuidedView.Write(report, scenario.Name, options.Profile, terminal);
        return report.ExitCode;
    }

    private static GuidedReport Explore(IPlannedScenario scenario, GuidedOptions options, Terminal terminal)
    {
        using var progress = new SearchProgress(terminal);
        void Show(long runs, int pairs, int kept) => progress.Show($"{Quantity.Count(runs)} runs, {Quantity.Count(pairs)} pairs of events seen, {Quantity.Count(kept)} runs kept");
        return new GuidedCampaign(scenario, options) { Progress = Show }.Run(terminal.Interrupted);
    }
}
