using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Tests.Storage;

/// <summary>A log, its platform and the scope that owns it. Disposal stops it and checks that nothing is left behind.</summary>
internal sealed class OpenedLog : IAsyncDisposable
{
    private OpenedLog(StoragePlatform platform, TaskScope owner, WriteAheadLog log)
    {
        Platform = platform;
        Owner = owner;
        Log = log;
    }

    public StoragePlatform Platform { get; }

    public TaskScope Owner { get; }

    public WriteAheadLog Log { get; }

    public LogRecovery Recovered => Log.Recovered;

    public static async Task<OpenedLog> OpenAsync(IDisk disk, WriteAheadLogOptions? options = null, params string[] buggified)
    {
        var platform = new StoragePlatform(disk);
        platform.Buggified.UnionWith(buggified);
        var owner = new TaskScope(platform.Tasks, "test");
        try
        {
            WriteAheadLog log = await WriteAheadLog.OpenAsync(platform, owner, options ?? LogSample.NoZeros, CancellationToken.None);
            return new OpenedLog(platform, owner, log);
        }
        catch
        {
            Assert.Empty(owner.SnapshotAlive());
            Assert.Equal(0, (disk as MemoryDisk)?.OpenFiles ?? 0);
            await owner.StopAsync();
            throw;
        }
    }

    public Task AppendAsync(LogBatch batch) => Log.AppendAsync(batch, CancellationToken.None);

    public Task AppendAsync(params LogEntry[] entries) => AppendAsync(new LogBatch { Entries = entries });

    public async ValueTask DisposeAsync()
    {
        await Log.StopAsync();
        Assert.Empty(Owner.SnapshotAlive());
        Assert.Equal(0, (Platform.Disk as MemoryDisk)?.OpenFiles ?? 0);
        await Owner.StopAsync();
    }
}
