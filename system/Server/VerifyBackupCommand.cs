using System.CommandLine;
using SimGraph.Replication.Backup;
using SimGraph.Runtime.Production;

namespace SimGraph.Server;

/// <summary>Reads every byte of a backup and says whether it is whole.</summary>
internal sealed class VerifyBackupCommand : Command
{
    private readonly Option<string> _folder = new("--folder") { Description = "Folder of the backup.", Required = true };

    public VerifyBackupCommand()
        : base("verify-backup", "Read all of a backup and check it.")
    {
        Options.Add(_folder);
        SetAction((parsed, cancellationToken) => BackupJob.RunAsync(
            async (_, token) => Console.WriteLine(
                $"whole: {BackupJob.Describe(await BackupVerification.VerifyAsync(new FileSystemDisk(parsed.GetValue(_folder)!), string.Empty, token))}"),
            cancellationToken));
    }
}
