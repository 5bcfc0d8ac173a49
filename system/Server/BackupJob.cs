using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using SimGraph.Replication.Backup;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Production;

namespace SimGraph.Server;

/// <summary>What the commands for backups have in common: a platform, and failures told in one line.</summary>
internal static class BackupJob
{
    /// <summary>Runs a job and tells how it ended by the exit code.</summary>
    public static async Task<int> RunAsync(Func<ILoggerFactory, CancellationToken, Task> job, CancellationToken cancellationToken)
    {
        using ILoggerFactory logging = ServerLogging.Create();
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using PosixSignalRegistration interrupt = Register(PosixSignal.SIGINT, interrupted);
        using PosixSignalRegistration terminate = Register(PosixSignal.SIGTERM, interrupted);
        try
        {
            await job(logging, interrupted.Token);
            return ExitCodes.Stopped;
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"simgraph-server: {exception.Message}");
            return ExitCodes.Usage;
        }
#pragma warning disable CA1031 // The last place where a failure can be told; the exit code tells it to the caller.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            await Console.Error.WriteLineAsync(
                exception is BackupException or DiskException ? $"simgraph-server: {exception.Message}" : $"simgraph-server: {exception.GetType().Name}: {exception.Message}");
            return ExitCodes.Failed;
        }
    }

    private static PosixSignalRegistration Register(PosixSignal signal, CancellationTokenSource interrupted) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            // The process ends by itself once the job has.
            context.Cancel = true;
            interrupted.Cancel();
        });

    /// <summary>A platform whose disk is a folder of this machine.</summary>
    public static ProductionPlatform Platform(string folder, ILoggerFactory logging) => Platform(folder, new SocketNetwork(), logging);

    /// <summary>A platform whose disk is a folder of this machine, and that reaches others over a network.</summary>
    public static ProductionPlatform Platform(string folder, INetwork network, ILoggerFactory logging) =>
        new("backup", network, new FileSystemDisk(folder), logging);

    /// <summary>One line about a backup.</summary>
    public static string Describe(BackupSummary backup) =>
        $"backup {backup.Id:x16} of cluster '{backup.ClusterId}': any index from {backup.Base.Index} to {backup.End.Index}, {backup.Bytes} bytes";
}
