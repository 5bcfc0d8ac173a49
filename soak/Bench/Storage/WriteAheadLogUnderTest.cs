using Microsoft.Extensions.Logging.Abstractions;
using SimGraph.Runtime.Production;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Log;

namespace SimGraph.Soak.Bench.Storage;

/// <summary>Our log, as a replica or a store uses it.</summary>
internal sealed class WriteAheadLogUnderTest : IMeasuredLog
{
    private readonly TaskScope _scope;
    private readonly WriteAheadLog _log;
    private ulong _lastOfBatches;

    private WriteAheadLogUnderTest(TaskScope scope, WriteAheadLog log)
    {
        _scope = scope;
        _log = log;
    }

    public static LogContender Contender(string name, WriteAheadLogOptions options) =>
        new(name, TakesManyWriters: true, Blocks: false, folder => OpenAsync(folder, options));

    public async Task AppendAsync(byte[] payload) => await _log.AppendNextAsync(1, LogEntryKind.Command, payload, CancellationToken.None);

    public async Task AppendBatchAsync(byte[] payload, int count)
    {
        var entries = new LogEntry[count];
        for (int i = 0; i < count; i++)
        {
            entries[i] = new LogEntry(++_lastOfBatches, 1, LogEntryKind.Command, payload);
        }

        await _log.AppendAsync(new LogBatch { Entries = entries }, CancellationToken.None);
    }

    public async ValueTask DisposeAsync() => await _scope.StopAsync();

    private static async Task<IMeasuredLog> OpenAsync(string folder, WriteAheadLogOptions options)
    {
        var platform = new ProductionPlatform("bench", new SocketNetwork(), new FileSystemDisk(folder), NullLoggerFactory.Instance);
        var scope = new TaskScope(platform.Tasks, "bench");
        return new WriteAheadLogUnderTest(scope, await WriteAheadLog.OpenAsync(platform, scope, options, CancellationToken.None));
    }
}
