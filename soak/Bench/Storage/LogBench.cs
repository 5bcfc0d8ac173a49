// Logs side by side: the same bytes, and one durability: the device was flushed before an append is over. Batches and writers show what group commit
// makes of the one flush.

namespace SimGraph.Soak.Bench.Storage;

/// <summary>Measures logs in three workloads.</summary>
internal sealed class LogBench(StorageBenchOptions options, StorageFolders folders, CancellationToken abort)
{
    public const int RecordBytes = 1024;
    public const int BatchRecords = 64;
    public const int Writers = 64;

    /// <summary>One writer, one record, one flush.</summary>
    public Task<IReadOnlyList<MeasuredRate>> SingleAsync(IReadOnlyList<LogContender> logs) =>
        MeasureAsync(logs, async (_, log, payload, slice) =>
        {
            long appends = 0;
            for (; slice.Goes; appends++)
            {
                await log.AppendAsync(payload);
            }

            return appends;
        });

    /// <summary>One writer that hands over many records at once: records a second.</summary>
    public Task<IReadOnlyList<MeasuredRate>> BatchAsync(IReadOnlyList<LogContender> logs) =>
        MeasureAsync(logs, async (_, log, payload, slice) =>
        {
            long appends = 0;
            for (; slice.Goes; appends += BatchRecords)
            {
                await log.AppendBatchAsync(payload, BatchRecords);
            }

            return appends;
        });

    /// <summary>Many writers, each of which waits for its own record.</summary>
    public Task<IReadOnlyList<MeasuredRate>> WritersAsync(IReadOnlyList<LogContender> logs) =>
        MeasureAsync([.. logs.Where(log => log.TakesManyWriters)], async (contender, log, payload, slice) =>
        {
            long[] appends = await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => StartWriterAsync(contender, log, payload, slice)));
            return appends.Sum();
        });

    private static Task<long> StartWriterAsync(LogContender contender, IMeasuredLog log, byte[] payload, TimeSlice slice)
    {
        async Task<long> WriteAsync()
        {
            long appends = 0;
            for (; slice.Goes; appends++)
            {
                await log.AppendAsync(payload);
            }

            return appends;
        }

        return contender.Blocks
            ? Task.Factory.StartNew(WriteAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()
            : Task.Run(WriteAsync);
    }

    private async Task<IReadOnlyList<MeasuredRate>> MeasureAsync(
        IReadOnlyList<LogContender> logs, Func<LogContender, IMeasuredLog, byte[], TimeSlice, Task<long>> work)
    {
        byte[] payload = new byte[RecordBytes];
        new Random(1).NextBytes(payload);
        var opened = new List<(LogContender Contender, IMeasuredLog Log)>();
        try
        {
            foreach (LogContender contender in logs)
            {
                opened.Add((contender, await contender.OpenAsync(folders.New())));
            }

            return await new InterleavedRunner(options.Rounds, options.Slice, abort).MeasureAsync(
                opened, static log => log.Contender.Name, (log, slice) => work(log.Contender, log.Log, payload, slice));
        }
        finally
        {
            foreach ((_, IMeasuredLog log) in opened)
            {
                await log.DisposeAsync();
            }

            folders.Clear();
        }
    }
}
