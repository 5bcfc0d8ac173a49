using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using SimGraph.Replication.Node;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Production;
using SimGraph.Runtime.Production.Tls;

namespace SimGraph.Server;

/// <summary>Runs one node until a signal, or the node itself, ends it.</summary>
internal sealed class ServerHost(ReplicaOptions options, TlsOptions? tls, string dataDirectory)
{
    /// <summary>Returns the exit code.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using ILoggerFactory logging = ServerLogging.Create();
        var signalled = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        using PosixSignalRegistration interrupt = Register(PosixSignal.SIGINT, signalled, ExitCodes.Interrupted);
        using PosixSignalRegistration terminate = Register(PosixSignal.SIGTERM, signalled, ExitCodes.Stopped);
        using CancellationTokenRegistration cancelled = cancellationToken.Register(() => signalled.TrySetResult(ExitCodes.Interrupted));
        return await ServeAsync(logging, signalled.Task);
    }

    private static PosixSignalRegistration Register(PosixSignal signal, TaskCompletionSource<int> signalled, int exitCode) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            // The process ends by itself once the node has stopped.
            context.Cancel = true;
            signalled.TrySetResult(exitCode);
        });

    private async Task<int> ServeAsync(ILoggerFactory logging, Task<int> signalled)
    {
        try
        {
            INetwork network = await TlsArguments.OpenAsync(tls, logging, CancellationToken.None);
            var platform = new ProductionPlatform($"node-{options.Self.Value}", network, new FileSystemDisk(dataDirectory), logging);
            var node = new ReplicaNode(platform, options);
            Task started = node.StartAsync(CancellationToken.None);
            await Task.WhenAny(started, signalled);
            if (started.IsCompleted)
            {
                await started;
                await Task.WhenAny(node.Completion, signalled);
            }

            await node.StopAsync();
            if (node.Completion.IsFaulted && !signalled.IsCompleted)
            {
                await node.Completion;
            }

            return await signalled;
        }
#pragma warning disable CA1031 // The last place where a failure can be told; the exit code tells it to the caller.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            await Console.Error.WriteLineAsync($"simgraph-server: {exception.GetType().Name}: {exception.Message}");
            return ExitCodes.Failed;
        }
    }
}
