using System.CommandLine;

namespace SimGraph.Soak.Commands;

/// <summary>Options of the benchmarks in which contenders take turns on a real disk.</summary>
internal static class BenchArguments
{
    private const int RoundsMost = 1000;

    public static Option<int> Rounds(string description, int standard) => new("--rounds")
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => standard,
        CustomParser = static result => Parsing.Number(result, "--rounds", 1, RoundsMost),
    };

    public static Option<TimeSpan> Slice(TimeSpan standard) => new("--slice")
    {
        Description = "How long a contender is measured in a round: 500ms, 2s.",
        HelpName = "TIME",
        DefaultValueFactory = _ => standard,
        CustomParser = static result => Parsing.Duration(result, "--slice"),
    };

    public static Option<string> Folder() => new("--folder")
    {
        Description = "Where the files go: on the disk that is to be measured. A folder below it is made, and deleted at the end.",
        HelpName = "DIR",
        DefaultValueFactory = static _ => "artifacts",
    };
}
