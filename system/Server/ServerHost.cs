using Microsoft.Extensions.Logging;
using SimGraph.Replication.Fanout.Publishing;
using SimGraph.Replication.Node;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Production;
using SimGraph.Runtime.Production.Tls;

namespace SimGraph.Server;

/// <summary>Runs one node until a signal, or the node itself, ends it.</summary>
internal sealed class ServerHost(ReplicaOptions options, PublisherOptions? publishing, TlsOptions? tls, string dataDirectory)
{
    /// <summary>Returns the exit code.</summary>
    public Task<int> RunAsync(CancellationToken cancellationToken) => HostedProcess.RunAsync(ServeAsync, cancellationToken);

    private async Task ServeAsync(ILoggerFactory logging, Task signalled)
    {
        INetwork network = await TlsArguments.OpenAsync(tls, logging, CancellationToken.None);
        var disk = new FileSystemDisk(dataDirectory);
        if (publishing is null)
        {
            var node = new ReplicaNode(new ProductionPlatform(Name, network, disk, logging), options);
            await ServeAsync(node, null, signalled);
            return;
        }

        ILogger logger = logging.CreateLogger("SimGraph.Server");
        if (tls is not null)
        {
            ServerLog.PublishesInTheClear(logger, publishing.PublishAddress);
        }

        await using var sockets = new ZeroMqSockets();
        var platform = new ProductionPlatform(Name, network, disk, logging, sockets.Sockets);
        var publisher = new CommittedPublisher(platform, publishing);
        await ServeAsync(new ReplicaNode(platform, options, publisher.Tap()), publisher, signalled);
    }

    private string Name => $"node-{options.Self.Value}";

    private static async Task ServeAsync(ReplicaNode node, CommittedPublisher? publisher, Task signalled)
    {
        Task started = StartAsync(node, publisher);
        try
        {
            await HostedProcess.UntilSignalledAsync(started, node.Completion, signalled);
        }
        finally
        {
            if (publisher is not null)
            {
                await publisher.StopAsync();
            }

            await node.StopAsync();
        }

        await HostedProcess.ThrowIfFailedAsync(node.Completion, signalled);
    }

    private static async Task StartAsync(ReplicaNode node, CommittedPublisher? publisher)
    {
        await node.StartAsync(CancellationToken.None);
        if (publisher is not null)
        {
            await publisher.StartAsync(node, CancellationToken.None);
        }
    }
}
