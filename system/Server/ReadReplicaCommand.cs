using System.CommandLine;
using SimGraph.Replication.Fanout.Following;

namespace SimGraph.Server;

/// <summary>Follows a cluster without being a member of it.</summary>
internal sealed class ReadReplicaCommand : Command
{
    private readonly Option<string[]> _from = new("--from")
    {
        Description = "A member that publishes, by the HOST:PORT of its --publish; once for each. One is followed at a time, the next when it is silent.",
        Required = true,
    };

    private readonly Option<string> _data = new("--data") { Description = "Folder of the replica's own copy of the state; created if missing.", Required = true };
    private readonly Option<string?> _name = new("--name")
    {
        Description = "Its name, unlike that of every other read replica of the cluster. This machine's name and the folder, if not given.",
    };

    private readonly Option<string> _cluster = new("--cluster") { Description = "Name of the cluster.", DefaultValueFactory = _ => "simgraph" };

    public ReadReplicaCommand()
        : base("read-replica", "Keep a copy of a cluster's state that follows what is committed. It has no vote, and logs how far it is.")
    {
        Options.Add(_from);
        Options.Add(_data);
        Options.Add(_name);
        Options.Add(_cluster);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string data = parsed.GetValue(_data)!;
        ReadReplicaOptions options;
        try
        {
            options = new ReadReplicaOptions
            {
                Name = parsed.GetValue(_name) ?? $"{Environment.MachineName}:{Path.GetFullPath(data)}",
                Sources = FanoutArguments.ReadSources("--from", parsed.GetValue(_from)!),
                ClusterId = parsed.GetValue(_cluster)!,
            };
            options.Validate();
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"simgraph-server: {exception.Message}");
            return ExitCodes.Usage;
        }

        return await new ReadReplicaHost(options, data).RunAsync(cancellationToken);
    }
}
