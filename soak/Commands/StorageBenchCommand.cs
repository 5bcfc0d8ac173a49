using System.CommandLine;
using SimGraph.Soak.Bench.Storage;

namespace SimGraph.Soak.Commands;

/// <summary><c>simgraph bench storage</c>: logs and stores on this machine's disk, the floor beside them.</summary>
internal static class StorageBenchCommand
{
    private const int KeysLeast = 1000;
    private const int KeysMost = 100_000_000;

    /// <summary>Adds options and action to a command.</summary>
    public static T Complete<T>(T command, IReadOnlyList<LogContender> otherLogs, IReadOnlyList<StoreContender> otherStores, Terminal terminal)
        where T : Command
    {
        Option<int> rounds = BenchArguments.Rounds("Rounds of each workload; the median counts.", 5);
        Option<TimeSpan> slice = BenchArguments.Slice(TimeSpan.FromMilliseconds(500));
        var keys = new Option<int>("--keys")
        {
            Description = "Keys in the stores.",
            HelpName = "N",
            DefaultValueFactory = static _ => 100_000,
            CustomParser = static result => Parsing.Number(result, "--keys", KeysLeast, KeysMost),
        };
        Option<string> folder = BenchArguments.Folder();
        var only = new Option<string[]>("--only")
        {
            Description = "Measures only contenders whose name contains this (and the floor, and our log). May be given more than once.",
            HelpName = "NAME",
        };
        var parts = new Option<StorageBenchParts>("--part")
        {
            Description = "Measures only this half.",
            HelpName = "logs|stores",
            DefaultValueFactory = static _ => StorageBenchParts.Logs | StorageBenchParts.Stores,
            CustomParser = static result =>
            {
                switch (result.Tokens[^1].Value)
                {
                    case "logs":
                        return StorageBenchParts.Logs;
                    case "stores":
                        return StorageBenchParts.Stores;
                    default:
                        result.AddError($"--part: there is no '{result.Tokens[^1].Value}'; there are: logs, stores");
                        return StorageBenchParts.None;
                }
            },
        };
        foreach (Option option in (Option[])[rounds, slice, keys, folder, only, parts])
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, _) =>
        {
            var options = new StorageBenchOptions(
                parsed.GetValue(rounds),
                parsed.GetValue(slice),
                parsed.GetValue(keys),
                parsed.GetValue(folder)!,
                parsed.GetValue(only) ?? [],
                parsed.GetValue(parts));

            // On a thread of the pool, as the database runs.
            await Task.Run(() => new StorageBenchRun(options, terminal).RunAsync(otherLogs, otherStores), CancellationToken.None);
            return ExitCodes.Held;
        });
        return command;
    }
}
