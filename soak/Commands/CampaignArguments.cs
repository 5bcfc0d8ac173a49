using System.CommandLine;

namespace SimGraph.Soak.Commands;

/// <summary>Options of the commands that explore seeds: the same words for the same things.</summary>
internal static class CampaignArguments
{
    public static Option<TimeSpan?> Time() => new("--time")
    {
        Description = "For how long new runs begin, such as 30s, 5m, 2h. Default 30s, or no limit when --seeds is given.",
        HelpName = "TIME",
        CustomParser = static result => Parsing.Duration(result, "--time"),
    };

    public static Option<long?> Seeds(string description) => new("--seeds")
    {
        Description = description,
        HelpName = "N",
        CustomParser = static result => Parsing.Number<long>(result, "--seeds", 1, long.MaxValue),
    };

    public static Option<ulong> From() => new("--from")
    {
        Description = "The first seed; the others follow it.",
        HelpName = "SEED",
        CustomParser = static result => Parsing.Number<ulong>(result, "--from", 0, ulong.MaxValue),
        DefaultValueFactory = static _ => 1,
    };

    public static Option<int?> Jobs() => new("--jobs")
    {
        Description = "How many runs at a time, each on a thread of its own. Default: one for each core.",
        HelpName = "N",
        CustomParser = static result => Parsing.Number<int>(result, "--jobs", 1, 1024),
    };

    public static Option<string> Artifacts(string description) => new("--artifacts")
    {
        Description = description,
        HelpName = "DIR",
        DefaultValueFactory = static _ => "artifacts",
    };
}
