using System.CommandLine;
using Microsoft.Extensions.Logging;
using SimGraph.Replication.Backup;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Production;

namespace SimGraph.Server;

/// <summary>Takes a backup of a running cluster, or continues one.</summary>
internal sealed class BackupCommand : Command
{
    private readonly Option<string[]> _from = new("--from")
    {
        Description = "A member as HOST:PORT; once for each that may be asked. Any member serves, leader or follower.",
        Required = true,
    };

    private readonly Option<string> _folder = new("--folder") { Description = "Folder of the backup; created if missing.", Required = true };
    private readonly Option<string> _cluster = new("--cluster") { Description = "Name of the cluster.", DefaultValueFactory = _ => "simgraph" };
    private readonly Option<bool> _continue = new("--continue") { Description = "Append what was committed since to the backup in the folder." };
    private readonly Option<bool> _follow = new("--follow") { Description = "Go on appending until interrupted; takes the backup first if there is none." };

    private readonly TlsArguments _tls = new();

    public BackupCommand()
        : base("backup", "Take a backup of a running cluster into a folder.")
    {
        Options.Add(_from);
        Options.Add(_folder);
        Options.Add(_cluster);
        Options.Add(_continue);
        Options.Add(_follow);
        _tls.AddTo(this);
        SetAction((parsed, cancellationToken) => BackupJob.RunAsync((logging, token) => RunAsync(parsed, logging, token), cancellationToken));
    }

    private async Task RunAsync(ParseResult parsed, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        string folder = parsed.GetValue(_folder)!;
        var options = new BackupOptions
        {
            Addresses = [.. parsed.GetValue(_from)!.Select(NetworkAddress.Parse)],
            ClusterId = parsed.GetValue(_cluster)!,
            Folder = string.Empty,
        };
        ProductionPlatform platform = BackupJob.Platform(folder, await TlsArguments.OpenAsync(_tls.Read(parsed), logging, cancellationToken), logging);
        var taker = new BackupTaker(platform, options);
        bool follows = parsed.GetValue(_follow);
        bool continues = parsed.GetValue(_continue) || (follows && await platform.Disk.ExistsAsync("backup.manifest", cancellationToken));
        BackupSummary backup = continues ? await taker.ContinueAsync(cancellationToken) : await taker.TakeAsync(cancellationToken);
        Console.WriteLine(BackupJob.Describe(backup));
        if (follows)
        {
            await taker.FollowAsync(cancellationToken);
        }
    }
}
