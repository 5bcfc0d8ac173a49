using System.CommandLine;
using SimGraph.Simulation.Exploration;
using SimGraph.Soak.Rendering;

namespace SimGraph.Soak.Commands;

/// <summary><c>simgraph run</c>: a campaign over many seeds.</summary>
internal static class RunCommand
{
    public const string Name = "run";

    private const string Description =
        "Explores random runs until the time is up, the seeds are used up, or something does not hold.";

    public static Example[] Examples { get; } =
    [
        new("simgraph run", "30 seconds on all cores, ending at the first violation"),
        new("simgraph run --seeds 10000 --profile swarm", "a fixed range: the same report on every machine"),
        new("simgraph run --time 8h --keep-going --artifacts out", "a night; violations are grouped by class and name"),
    ];

    public static Command Create(IReadOnlyList<IScenario> scenarios, Terminal terminal)
    {
        Option<TimeSpan?> time = CampaignArguments.Time();
        Option<long?> seeds = CampaignArguments.Seeds("How many seeds.");
        Option<ulong> from = CampaignArguments.From();
        Option<int?> jobs = CampaignArguments.Jobs();
        var keepGoing = new Option<bool>("--keep-going") { Description = "Go on after a violation and group what fails." };
        Option<string> artifacts = CampaignArguments.Artifacts("Folder for the recordings of failed runs.");
        var summary = new Option<string?>("--summary") { Description = "Write what was done and found to this file too, as JSON.", HelpName = "FILE" };
        Option<string> scenario = Parsing.ScenarioOption();
        Option<string> profile = Parsing.ProfileOption();
        var command = new Command(Name, Description) { time, seeds, from, jobs, scenario, profile, keepGoing, artifacts, summary };
        command.SetAction(parsed =>
        {
            long? seedsWanted = parsed.GetValue(seeds);
            var options = new ExplorerOptions
            {
                Profile = parsed.GetRequiredValue(profile),
                FromSeed = parsed.GetValue(from),
                Seeds = seedsWanted,
                Time = parsed.GetValue(time) ?? (seedsWanted is null ? TimeSpan.FromSeconds(30) : null),
                Jobs = parsed.GetValue(jobs) ?? Environment.ProcessorCount,
                KeepGoing = parsed.GetValue(keepGoing),
                ArtifactFolder = parsed.GetRequiredValue(artifacts),
            };
            return Run(Parsing.Find(scenarios, parsed.GetRequiredValue(scenario)), options, parsed.GetValue(summary), terminal);
        });
        return command;
    }

    private static int Run(IScenario scenario, ExplorerOptions options, string? summaryPath, Terminal terminal)
    {
        try
        {
            options.Validate();
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(exception.Message);
        }

        using FileStream? summary = Parsing.Create("--summary", summaryPath);
        var campaign = new BackgroundCampaign(new Explorer(scenario, options), terminal.Interrupted);
        var heading = new CampaignHeading(scenario.Name, options);
        if (terminal.IsInteractive)
        {
            LiveView.Watch(campaign, heading, terminal.Console);
        }
        else
        {
            PlainProgress.Watch(campaign, heading, terminal.Out);
        }

        CampaignReport report = campaign.Report;
        SummaryView.Write(report, heading, terminal);
        ViolationView.Write(report, options, terminal, canShrink: scenario is IPlannedScenario);
        if (summary is not null)
        {
            RunSummary.Of(report, options).WriteTo(summary);
        }

        return report.ExitCode;
    }
}
