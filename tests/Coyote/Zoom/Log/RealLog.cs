using SimGraph.Coyote.Tests.Engine;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Log;

namespace SimGraph.Coyote.Tests.Zoom.Log;

/// <summary>The log itself.</summary>
internal sealed class RealLog(WriteAheadLog log) : IZoomedLog
{
    public LogRecovery Recovered => log.Recovered;

    public Task AppendAsync(LogBatch batch, CancellationToken cancellationToken) => log.AppendAsync(batch, cancellationToken);

    public Task<ulong> AppendNextAsync(ulong term, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        log.AppendNextAsync(term, LogEntryKind.Command, payload, cancellationToken);

    public Task TruncatePrefixAsync(ulong index, CancellationToken cancellationToken) => log.TruncatePrefixAsync(index, cancellationToken);

    public Task StopAsync() => log.StopAsync();

    internal static async Task<IZoomedLog> OpenAsync(FineLanePlatform machine, TaskScope scope, WriteAheadLogOptions options) =>
        new RealLog(await WriteAheadLog.OpenAsync(machine, scope, options, CancellationToken.None));
}
