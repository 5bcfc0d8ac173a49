using System.CommandLine;
using System.Globalization;
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
        var time = new Option<TimeSpan>("--time")
        {
            Description = "For how long at most, such as 30s or 5m.",
            HelpName = "TIME",
            CustomParser = static result => Parsing.Duration(result, "--time"),
            DefaultValueFactory = static _ => TimeSpan.FromSeconds(60),
        };
        Option<int?> jobs = CampaignArguments.Jobs();
        Option<string> artifacts = CampaignArguments.Artifacts("Folder for the recording of the shrunk run.");
        var test = new Option<string?>("--test") { Description = "Write an xunit test of it to this file.", HelpName = "FILE.cs" };
        var command = new Command(Name, Description) { target, scenario, profile, time, jobs, artifacts, test };
        command.SetAction(parsed =>
        {
            string wanted = parsed.GetRequiredValue(target);
            (IPlannedScenario planned, FailingCase failing, string profileName) = ulong.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
                ? OfSeed(scenarios, parsed.GetRequiredValue(scenario), parsed.GetRequiredValue(profile), seed)
                : OfArtifact(scenarios, RunArtifact.Load(wanted));
            var options = new ShrinkOptions { Time = parsed.GetValue(time), Jobs = parsed.GetValue(jobs) ?? Environment.ProcessorCount };
            return new Shrink(planned, failing, profileName, options, terminal).Run(parsed.GetRequiredValue(artifacts), parsed.GetValue(test));
        });
        return command;
    }

    private static (IPlannedScenario Scenario, FailingCase Case, string Profile) OfSeed(IReadOnlyList<IScenario> scenarios, string name, string profile, ulong seed)
    {
        IPlannedScenario scenario = Planned(Parsing.Find(scenarios, name));
        object plan = scenario.Plan(new ScenarioRequest { Seed = seed, Profile = profile });
        return (scenario, FailingCase.Of(seed, plan), profile);
    }

    private static (IPlannedScenario Scenario, FailingCase Case, string Profile) OfArtifact(IReadOnlyList<IScenario> scenarios, RunArtifact artifact)
    {
        IPlannedScenario scenario = Planned(Parsing.Find(scenarios, artifact.Scenario));
        if (artifact.Choices.Picks)
        {
            throw new UsageException("the run was scheduled by a strategy of `explore`, whose picks mean nothing in a smaller run; shrink a failure that `run` found");
        }

        return artifact.Plan is { } plan
            ? (scenario, FailingCase.Of(artifact.Seed, ReadPlan(plan, scenario)) with { Fixed = artifact.Fixed }, artifact.Profile)
            : OfSeed(scenarios, artifact.Scenario, artifact.Profile, artifact.Seed);
    }

    private static object ReadPlan(string plan, IPlannedScenario scenario)
    {
        try
        {
            return PlanText.Read(plan, scenario.PlanType);
        }
        catch (FormatException exception)
        {
            throw new UsageException(exception.Message);
        }
    }

    private static IPlannedScenario Planned(IScenario scenario) =>
        scenario as IPlannedScenario ?? throw new UsageException($"scenario {scenario.Name} has no plan that could be made smaller");
}
