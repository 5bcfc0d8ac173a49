using Microsoft.Extensions.Logging;
using SimGraph.Replication.Fanout.Following;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Production;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;

namespace SimGraph.Server;

/// <summary>Runs one read replica until a signal, or the replica itself, ends it, and tells how far it is whenever that has changed.</summary>
internal sealed class ReadReplicaHost(ReadReplicaOptions options, string dataDirectory)
{
    private static readonly TimeSpan ShowInterval = TimeSpan.FromSeconds(1);

    /// <summary>Returns the exit code.</summary>
    public Task<int> RunAsync(CancellationToken cancellationToken) => HostedProcess.RunAsync(ServeAsync, cancellationToken);

    private async Task ServeAsync(ILoggerFactory logging, Task signalled)
    {
        await using var sockets = new ZeroMqSockets();
        var platform = new ProductionPlatform(options.Name, new SocketNetwork(), new FileSystemDisk(dataDirectory), logging, sockets.Sockets);
        var replica = new ReadReplica(platform, options);
        var showing = new TaskScope(platform.Tasks, "position");
        ILogger logger = logging.CreateLogger("SimGraph.Server");
        showing.Run("show", token => ShowAsync(platform, replica, logger, token));
        Task started = replica.StartAsync(CancellationToken.None);
        try
        {
            await HostedProcess.UntilSignalledAsync(started, replica.Completion, signalled);
        }
        finally
        {
            await showing.StopAsync(options.StopLimit);
            await replica.StopAsync();
        }

        await HostedProcess.ThrowIfFailedAsync(replica.Completion, signalled);
        Show(replica.Status, logger);
    }

    private async Task ShowAsync(ProductionPlatform platform, ReadReplica replica, ILogger logger, CancellationToken cancellationToken)
    {
        ReadReplicaStatus shown = replica.Status;
        while (true)
        {
            await platform.Clock.DelayAsync(ShowInterval, cancellationToken);
            ReadReplicaStatus status = replica.Status;
            if (status != shown)
            {
                Show(status, logger);
                shown = status;
            }
        }
    }

    private void Show(ReadReplicaStatus status, ILogger logger) =>
        ServerLog.Position(logger, options.Name, status.Applied.Index, status.Known, status.Source, status.Health, status.Gaps);
}
