using FASTER.core;
using SimGraph.Soak.Bench.Storage;

namespace SimGraph.Peers.Logs;

/// <summary>FasterLog. It commits when told to: after each record, after each batch, or, for many writers, again and again while they wait.</summary>
internal sealed class FasterLogUnderTest : IMeasuredLog
{
    private readonly FasterLogSettings _settings;
    private readonly FasterLog _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _committing;
    private readonly SemaphoreSlim _work = new(0);

    private FasterLogUnderTest(string folder)
    {
        _settings = new FasterLogSettings(folder);
        _log = new FasterLog(_settings);
        _committing = Task.Run(CommitAsync);
    }

    public static LogContender Contender { get; } = new(
        "FasterLog 2.6.5", TakesManyWriters: true, Blocks: false, folder => Task.FromResult<IMeasuredLog>(new FasterLogUnderTest(folder)));

    public async Task AppendAsync(byte[] payload)
    {
        long address = await _log.EnqueueAsync(payload);
        _work.Release();
        await _log.WaitForCommitAsync(address);
    }

    public async Task AppendBatchAsync(byte[] payload, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await _log.EnqueueAsync(payload);
        }

        await _log.CommitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _committing;
        _log.Dispose();
        _settings.Dispose();
        _stopping.Dispose();
        _work.Dispose();
    }

    private async Task CommitAsync()
    {
        try
        {
            while (true)
            {
                await _work.WaitAsync(_stopping.Token);
                while (_work.CurrentCount > 0)
                {
                    await _work.WaitAsync(_stopping.Token);
                }

                await _log.CommitAsync(CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }
}
