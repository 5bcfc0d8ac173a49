using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using SimGraph.Soak.Bench.Storage;

namespace SimGraph.Peers.Logs;

/// <summary>DotNext's write-ahead log for Raft, which flushes before a commit is over.</summary>
internal sealed class DotNextLog : IMeasuredLog
{
    private readonly WriteAheadLog _log;

    // Its commit takes one caller at a time. Who comes in commits for all who have appended by then.
    private readonly SemaphoreSlim _committing = new(1);

    private DotNextLog(WriteAheadLog log) => _log = log;

    public static LogContender Contender { get; } = new("DotNext 6.12.0", TakesManyWriters: true, Blocks: false, OpenAsync);

    public async Task AppendAsync(byte[] payload)
    {
        long index = await _log.AppendAsync(new BinaryLogEntry { Content = payload, Term = 0 });
        await _committing.WaitAsync();
        try
        {
            if (_log.LastCommittedEntryIndex < index)
            {
                await _log.CommitAsync(_log.LastEntryIndex);
            }
        }
        finally
        {
            _committing.Release();
        }
    }

    public async Task AppendBatchAsync(byte[] payload, int count)
    {
        long index = 0;
        for (int i = 0; i < count; i++)
        {
            index = await _log.AppendAsync(new BinaryLogEntry { Content = payload, Term = 0 });
        }

        await _log.CommitAsync(index);
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        _committing.Dispose();
    }

    private static async Task<IMeasuredLog> OpenAsync(string folder)
    {
        var options = new WriteAheadLog.Options
        {
            Location = folder,
            MemoryManagement = WriteAheadLog.MemoryManagementStrategy.PrivateMemory,
        };
        var log = new WriteAheadLog(options, new Nothing());
        await log.InitializeAsync();
        return new DotNextLog(log);
    }

    private sealed class Nothing : IStateMachine
    {
        public ISnapshot? Snapshot => null;

        public ValueTask<long> ApplyAsync(LogEntry entry, CancellationToken token) => ValueTask.FromResult(entry.Index);

        public ValueTask ReclaimGarbageAsync(long watermark, CancellationToken token) => ValueTask.CompletedTask;
    }
}
