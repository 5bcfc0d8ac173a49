using System.CommandLine;
using Microsoft.Extensions.Logging;
using SimGraph.Replication.Backup;
using SimGraph.Runtime.Production;

namespace SimGraph.Server;

/// <summary>Makes the data folders of a new cluster's nodes from a backup.</summary>
internal sealed class RestoreCommand : Command
{
    private readonly Option<string> _folder = new("--folder") { Description = "Folder of the backup.", Required = true };
    private readonly Option<string> _data = new("--data") { Description = "Where to make the nodes' folders: node-1, node-2 and so on; each becomes a node's --data.", Required = true };
    private readonly Option<string> _cluster = new("--cluster") { Description = "Name of the new cluster; not that of the old one.", Required = true };
    private readonly Option<string[]> _members = new("--member") { Description = "A voter of the new cluster as ID=HOST:PORT; once for each.", Required = true };
    private readonly Option<ulong?> _index = new("--index") { Description = "Index of the last log entry that counts; the backup's last if not given." };

    public RestoreCommand()
        : base("restore", "Make the data folders of a new cluster's nodes from a backup.")
    {
        Options.Add(_folder);
        Options.Add(_data);
        Options.Add(_cluster);
        Options.Add(_members);
        Options.Add(_index);
        SetAction((parsed, cancellationToken) => BackupJob.RunAsync((logging, token) => RunAsync(parsed, logging, token), cancellationToken));
    }

    private async Task RunAsync(ParseResult parsed, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var options = new RestoreOptions
        {
            ClusterId = parsed.GetValue(_cluster)!,
            Members = NodeArguments.ReadAddresses("--member", parsed.GetValue(_members)),
            Index = parsed.GetValue(_index),
        };
        string data = parsed.GetValue(_data)!;
        RestoreSummary restored = await BackupRestore.RestoreAsync(
            BackupJob.Platform(data, logging), new FileSystemDisk(parsed.GetValue(_folder)!), string.Empty, options, cancellationToken);
        Console.WriteLine($"restored entry {restored.Position.Index} of cluster '{restored.From.ClusterId}' for cluster '{options.ClusterId}':");
        foreach (Cluster.Consensus.NodeId node in options.Members.Keys)
        {
            Console.WriteLine($"  --id {node.Value} --cluster {options.ClusterId} --data {Path.Join(data, options.FolderOf(node))}");
        }
    }
}
