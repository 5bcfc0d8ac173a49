using SimGraph.Storage.Log;

namespace SimGraph.Coyote.Tests.Zoom.Log;

/// <summary>A log with a defect around it.</summary>
internal sealed class WrongLog(IZoomedLog log, LogDefect defect) : IZoomedLog
{
    private const int RefusedOneIn = 3;
    private volatile bool _stopping;
    private volatile bool _stopped;
    private int _appends;

    public LogRecovery Recovered => log.Recovered;

    public Task AppendAsync(LogBatch batch, CancellationToken cancellationToken)
    {
        if (_stopping && !_stopped && defect == LogDefect.ForgetsWhileItStops)
        {
            return Task.CompletedTask;
        }

        if (_stopping && defect == LogDefect.RefusesNobody)
        {
            return new TaskCompletionSource().Task;
        }

        return defect == LogDefect.KeepsWhatItRefused ? RefuseAsync(batch, cancellationToken) : log.AppendAsync(batch, cancellationToken);
    }

    public Task<ulong> AppendNextAsync(ulong term, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) => log.AppendNextAsync(term, payload, cancellationToken);

    public Task TruncatePrefixAsync(ulong index, CancellationToken cancellationToken) => log.TruncatePrefixAsync(index, cancellationToken);

    public async Task StopAsync()
    {
        _stopping = true;
        Task stop = log.StopAsync();
        if (defect != LogDefect.StopDoesNotWait)
        {
            await stop;
        }

        _stopped = true;
    }

    private async Task RefuseAsync(LogBatch batch, CancellationToken cancellationToken)
    {
        await log.AppendAsync(batch, cancellationToken);
        if (Interlocked.Increment(ref _appends) % RefusedOneIn == 0)
        {
            throw new LogClosedException("wal");
        }
    }
}
