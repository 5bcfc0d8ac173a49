// The long test with real processes: servers, sockets, disks, signals. One line starts it; the exit code says whether every promise was kept.

using System.CommandLine;
using SimGraph.RealCluster;

var defaults = new RealClusterOptions();
var nodes = new Option<int>("--nodes") { Description = "Servers, 3 to 9.", DefaultValueFactory = _ => defaults.Nodes };
var kills = new Option<int>("--kills") { Description = "How often the leader is killed.", DefaultValueFactory = _ => defaults.Kills };
var clients = new Option<int>("--clients") { Description = "Clients at the same time.", DefaultValueFactory = _ => defaults.Clients };
var seed = new Option<int>("--seed") { Description = "Draws the script of faults. The same seed gives the same script, but real processes not the same run.", DefaultValueFactory = _ => defaults.Seed };
var electionTimeout = new Option<int>("--election-timeout-ms")
{
    Description = "The servers' election time-out.",
    DefaultValueFactory = _ => (int)defaults.ElectionTimeout.TotalMilliseconds,
};
var folder = new Option<string>("--folder") { Description = "Where the run's folder is made; it stays there only if the run fails.", DefaultValueFactory = _ => defaults.Folder };
var root = new RootCommand(
    """
    Starts real servers on loopback, kills their leader again and again with kill -9, stops and continues nodes, cuts, delays and resets their connections in a proxy, while
    clients write and read; judges the history, and compares all replicas at the end. Exit codes: 0 all held, 1 usage, 2 a promise was broken, 130 interrupted.
    """)
{
    nodes, kills, clients, seed, electionTimeout, folder,
};
root.SetAction(async (parsed, cancellationToken) =>
{
    RealClusterOptions options = defaults with
    {
        Nodes = parsed.GetValue(nodes),
        Kills = parsed.GetValue(kills),
        Clients = parsed.GetValue(clients),
        Seed = parsed.GetValue(seed),
        ElectionTimeout = TimeSpan.FromMilliseconds(parsed.GetValue(electionTimeout)),
        Folder = parsed.GetValue(folder)!,
    };
    try
    {
        options.Validate();
        RealClusterReport report = await new RealClusterRun(options, Console.WriteLine).RunAsync(cancellationToken);
        foreach (string line in report.Lines(options))
        {
            Console.WriteLine(line);
        }

        return 0;
    }
    catch (ArgumentException exception)
    {
        await Console.Error.WriteLineAsync(exception.Message);
        return 1;
    }
    catch (ClusterFailureException exception)
    {
        await Console.Error.WriteLineAsync(exception.Message);
        return 2;
    }
    catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
    {
        await Console.Error.WriteLineAsync("interrupted");
        return 130;
    }
});
ParseResult parsedArguments = root.Parse(args);

// Servers must not outlive an interrupted run.
return parsedArguments.Errors.Count > 0
    ? Fail(parsedArguments)
    : await parsedArguments.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });

static int Fail(ParseResult parsed)
{
    foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
    {
        Console.Error.WriteLine(error.Message);
    }

    return 1;
}
