using System.CommandLine;
using SimGraph.Properties.Linearizability;

namespace SimGraph.Soak.Commands;

/// <summary><c>simgraph check</c>: judges histories that were recorded elsewhere, or by <c>repro --history</c>.</summary>
internal static class CheckCommand
{
    public const string Name = "check";

    private const string Description =
        """
        Says whether histories are linearizable (formats: docs/histories.md). Exit codes: 0 all are, 2 one is not, 3 one is unclear within the limits and none is known not to be,
        1 a file cannot be read.
        """;

    private const int MemoryDefaultMebibytes = 1024;

    public static Example[] Examples { get; } =
    [
        new("simgraph check --model register etcd_*.log", "Jepsen logs of one register"),
        new("simgraph check --model kv bad.txt --picture bad.html", "why it is not, as a picture"),
        new("simgraph repro 42 --no-events --history h.txt && simgraph check --model graph h.txt", "what the clients of seed 42 saw"),
    ];

    public static Command Create(Terminal terminal)
    {
        string names = string.Join('|', HistoryModels.All.Select(static model => model.Name));
        var files = new Argument<string[]>("FILE") { Description = "Histories.", Arity = ArgumentArity.OneOrMore };
        var model = new Option<string>("--model")
        {
            Description = $"What the objects are: {string.Join("; ", HistoryModels.All.Select(static model => $"{model.Name} ({model.Description})"))}.",
            HelpName = names,
            Required = true,
        };
        var limit = new Option<TimeSpan>("--time-limit")
        {
            Description = "For each file; a history that is unclear by then is 'unknown'.",
            HelpName = "TIME",
            DefaultValueFactory = static _ => TimeSpan.FromSeconds(60),
            CustomParser = static result => Parsing.Duration(result, "--time-limit"),
        };
        var memory = new Option<int>("--memory")
        {
            Description = "For what a search remembers, in MiB; a history that is unclear by then is 'unknown'.",
            HelpName = "MIB",
            DefaultValueFactory = static _ => MemoryDefaultMebibytes,
            CustomParser = static result => Parsing.Number(result, "--memory", 1, 1 << 20),
        };
        var picture = new Option<string?>("--picture") { Description = "Write a page that shows why the first one that is not linearizable is not.", HelpName = "FILE.html" };
        var command = new Command(Name, Description) { files, model, limit, memory, picture };
        command.SetAction(parsed =>
        {
            string wanted = parsed.GetRequiredValue(model);
            HistoryModel found = HistoryModels.All.FirstOrDefault(known => known.Name == wanted)
                ?? throw new UsageException($"--model: there is no '{wanted}'; there are: {names.Replace("|", ", ", StringComparison.Ordinal)}");
            var check = new HistoryCheck(found, parsed.GetValue(limit), parsed.GetValue(memory) * (1L << 20), terminal);
            return check.Run(parsed.GetRequiredValue(files), parsed.GetValue(picture));
        });
        return command;
    }
}
