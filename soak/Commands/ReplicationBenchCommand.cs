using System.CommandLine;
using SimGraph.Soak.Bench.Replication;

namespace SimGraph.Soak.Commands;

/// <summary><c>simgraph bench replication</c>: acknowledged writes of three nodes, the fan-out, recovery.</summary>
internal static class ReplicationBenchCommand
{
    private const int ClientsMost = 1000;
    private const int EntriesMost = 10_000_000;

    /// <summary>Makes the command.</summary>
    public static Command Create(IReadOnlyList<ClusterContender> others, Terminal terminal)
    {
        Option<int> rounds = BenchArguments.Rounds("Rounds for each number of clients; the median counts.", 3);
        Option<TimeSpan> slice = BenchArguments.Slice(TimeSpan.FromSeconds(2));
        var clients = new Option<int>("--clients")
        {
            Description = "Most clients; measured are 1, 16 and 256, as far as this allows.",
            HelpName = "N",
            DefaultValueFactory = static _ => 256,
            CustomParser = static result => Parsing.Number(result, "--clients", 1, ClientsMost),
        };
        var entries = new Option<int>("--entries")
        {
            Description = "Longest log that a node recovers from; measured are 1,000, 10,000 and so on, as far as this allows.",
            HelpName = "N",
            DefaultValueFactory = static _ => 100_000,
            CustomParser = static result => Parsing.Number(result, "--entries", 1000, EntriesMost),
        };
        Option<string> folder = BenchArguments.Folder();
        var command = new Command(
            "replication",
            "Acknowledged writes of three nodes over loopback TCP and real disks, the fan-out to read replicas, recovery. Takes about two minutes; use a Release build.")
        {
            rounds, slice, clients, entries, folder,
        };
        command.SetAction(async (parsed, _) =>
        {
            var options = new ReplicationBenchOptions(parsed.GetValue(rounds), parsed.GetValue(slice), parsed.GetValue(clients), parsed.GetValue(entries), parsed.GetValue(folder)!);

            // On a thread of the pool, as the database runs.
            await Task.Run(() => new ReplicationBenchRun(options, terminal).RunAsync(others), CancellationToken.None);
            return ExitCodes.Held;
        });
        return command;
    }
}
