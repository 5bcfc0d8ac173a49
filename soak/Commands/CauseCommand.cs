using System.CommandLine;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Exploration.Causes;

namespace SimGraph.Soak.Commands;

/// <summary><c>simgraph cause</c>: what a failure needs, and when it was sealed.</summary>
internal static class CauseCommand
{
    public const string Name = "cause";

    private const string Description =
        """
        Says why a run failed, by running it differently: which faults and options it needs (without them, no run that was tried fails), and which choice sealed it (from there on no other course escapes).
        Best after `shrink`: a small run has few faults, and each is tried. Exit codes: 0 searched, 1 usage, or the run does not fail, 130 interrupted.
        """;

    public static Example[] Examples { get; } =
    [
        new("simgraph cause artifacts/cluster-swarm-42-shrunk.simgraph", "a shrunk failure"),
        new("simgraph cause 42 --time 10m --courses 64", "a seed as it was found, looked at more closely"),
    ];

    public static Command Create(IReadOnlyList<IScenario> scenarios, Terminal terminal)
    {
        var target = new Argument<string>("SEED|FILE") { Description = "A seed, or a recorded run." };
        Option<string> scenario = Parsing.ScenarioOption();
        Option<string> profile = Parsing.ProfileOption();
        Option<TimeSpan> time = Parsing.TimeOption(TimeSpan.FromSeconds(60), "For how long at most, such as 30s or 5m.");
        Option<int?> jobs = CampaignArguments.Jobs();
        var courses = new Option<int>("--courses")
        {
            Description = "How many other courses, and other seeds, are tried at each place.",
            HelpName = "N",
            CustomParser = static result => Parsing.Number<int>(result, "--courses", 1, CauseOptions.CoursesLimit),
            DefaultValueFactory = static _ => new CauseOptions().Courses,
        };
        var command = new Command(Name, Description) { target, scenario, profile, time, courses, jobs };
        command.SetAction(parsed =>
        {
            var failing = FailingTarget.Of(scenarios, parsed.GetRequiredValue(target), parsed.GetRequiredValue(scenario), parsed.GetRequiredValue(profile));
            var options = new CauseOptions
            {
                Time = parsed.GetValue(time),
                Courses = parsed.GetValue(courses),
                Jobs = parsed.GetValue(jobs) ?? Environment.ProcessorCount,
            };
            return new Cause(failing, options, terminal).Run();
        });
        return command;
    }
}
