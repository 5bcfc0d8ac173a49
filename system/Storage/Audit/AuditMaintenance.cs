// The background task that compresses closed files and applies retention: when a file was closed, and now and then. What fails is tried again and
// disturbs nobody: the writer does not wait for it, except while names change.

using Microsoft.Extensions.Logging;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Audit;

/// <summary>Looks after the files that are not written any more. <see cref="RunAsync"/> is run once, as a task.</summary>
internal sealed class AuditMaintenance(IPlatform platform, AuditOptions options, AuditFolder folder, AsyncSignal wanted, ILogger logger)
{
    private readonly AuditCompressor _compressor = new(folder);
    private readonly AuditRetention _retention = new(platform, options, folder, logger);

    /// <summary>Runs until the token is cancelled; it then ends after at most a block of a file.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using ITimer timer = platform.Clock.CreateTimer(
            static signal => ((AsyncSignal)signal!).Set(), wanted, options.MaintenanceInterval, options.MaintenanceInterval);
        while (true)
        {
            await CompressAsync(stopping);
            await RetireAsync(stopping);
            platform.Probes.Reachable("audit.maintained");
            await wanted.WaitAsync(stopping);
        }
    }

    private async Task CompressAsync(CancellationToken stopping)
    {
        await RemoveReplacedAsync();
        AuditFile[] files = folder.List();
        for (int i = 0; i < files.Length - 1 && options.Compress; i++)
        {
            if (files[i].Compressed)
            {
                continue;
            }

            string path = folder.PathOf(files[i]);
            try
            {
                long bytes = await _compressor.CompressAsync(files[i], stopping);
                platform.Probes.Reachable("audit.compressed");
                AuditLogEvents.LogCompressed(logger, path, files[i].Bytes, bytes);
            }
            catch (DiskException exception)
            {
                AuditLogEvents.LogCompressionFailed(logger, exception, path);
            }

            await RemoveReplacedAsync();
        }
    }

    private async Task RemoveReplacedAsync()
    {
        if (_compressor.Replaced == 0)
        {
            return;
        }

        try
        {
            await _compressor.RemoveReplacedAsync();
            platform.Probes.Reachable("audit.plain-removed");
        }
        catch (DiskException exception)
        {
            AuditLogEvents.LogCompressionFailed(logger, exception, options.Directory);
        }
    }

    private async Task RetireAsync(CancellationToken stopping)
    {
        try
        {
            await _retention.ApplyAsync(stopping);
        }
        catch (DiskException exception)
        {
            AuditLogEvents.LogRetentionFailed(logger, exception, options.Directory);
        }
    }
}
