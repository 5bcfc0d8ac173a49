using SimGraph.Soak.Rendering;
using SimGraph.Storage.Log;

namespace SimGraph.Soak.Bench.Storage;

/// <summary>The storage benchmark: ours, the floor beneath, and whoever else takes part.</summary>
internal sealed class StorageBenchRun(StorageBenchOptions options, Terminal terminal)
{
    public async Task RunAsync(IReadOnlyList<LogContender> otherLogs)
    {
        using var folders = new StorageFolders(options.Folder);
        BenchView.WriteMachine(terminal);
        var view = new StorageBenchView(terminal);
        view.WriteConditions(options, folders.FileSystem);
        if (options.Parts.HasFlag(StorageBenchParts.Logs))
        {
            await RunLogsAsync(otherLogs, folders, view);
        }

        BenchView.WriteLoad(terminal);
    }

    private async Task RunLogsAsync(IReadOnlyList<LogContender> others, StorageFolders folders, StorageBenchView view)
    {
        LogContender floor = RawFileLog.Contender("raw write + fsync", zerosAhead: false);
        LogContender ours = WriteAheadLogUnderTest.Contender("SimGraph", new WriteAheadLogOptions());
        LogContender withoutZeros = WriteAheadLogUnderTest.Contender("SimGraph, no zeros ahead", new WriteAheadLogOptions { PreallocatedBytes = 0 });
        LogContender[] logs =
        [
            floor,
            RawFileLog.Contender("raw write + fsync, into zeros", zerosAhead: true),
            ours,
            .. others.Prepend(withoutZeros).Where(log => options.Takes(log.Name)),
        ];
        var bench = new LogBench(options, folders, terminal.Interrupted);
        IReadOnlyList<MeasuredRate> single = await bench.SingleAsync(logs);
        view.WriteRates($"Log, one writer, each record of {LogBench.RecordBytes} B flushed: records/s", single, floor.Name);
        view.WriteTarget("single durable append", single, ours.Name, floor.Name);
        IReadOnlyList<MeasuredRate> batch = await bench.BatchAsync(logs);
        view.WriteRates($"Log, one writer, one flush for {LogBench.BatchRecords} records of {LogBench.RecordBytes} B: records/s", batch, floor.Name);
        view.WriteTarget("batch", batch, ours.Name, floor.Name);
        IReadOnlyList<MeasuredRate> writers = await bench.WritersAsync(logs);
        view.WriteRates($"Log, {LogBench.Writers} writers, each waits for its record of {LogBench.RecordBytes} B to be flushed: records/s", writers, null);
        view.WriteTarget("group commit against the raw batch", [.. writers, .. batch.Where(rate => rate.Name == floor.Name)], ours.Name, floor.Name);
    }
}
