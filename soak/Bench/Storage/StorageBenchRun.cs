using SimGraph.Soak.Rendering;
using SimGraph.Storage.Log;

namespace SimGraph.Soak.Bench.Storage;

/// <summary>The storage benchmark: ours, the floor beneath, and whoever else takes part.</summary>
internal sealed class StorageBenchRun(StorageBenchOptions options, Terminal terminal)
{
    public async Task RunAsync(IReadOnlyList<LogContender> otherLogs, IReadOnlyList<StoreContender> otherStores)
    {
        using var folders = new StorageFolders(options.Folder);
        BenchView.WriteMachine(terminal);
        var view = new StorageBenchView(terminal);
        view.WriteConditions(options, folders.FileSystem);
        if (options.Parts.HasFlag(StorageBenchParts.Logs))
        {
            await RunLogsAsync(otherLogs, folders, view);
        }

        if (options.Parts.HasFlag(StorageBenchParts.Stores))
        {
            await RunStoresAsync(otherStores, folders, view);
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
        view.WriteRates($"Log, {LogBench.Writers} writers, each waits for its record of {LogBench.RecordBytes} B to be flushed (the floor writes them at once): records/s", writers, floor.Name);
        view.WriteTarget("group commit", writers, ours.Name, floor.Name);
    }

    private async Task RunStoresAsync(IReadOnlyList<StoreContender> others, StorageFolders folders, StorageBenchView view)
    {
        StoreContender ours = KeyValueStoreUnderTest.Contender("SimGraph");
        StoreContender[] stores = [ours, .. others.Where(store => options.Takes(store.Name))];
        var bench = new StoreBench(options, folders, terminal.Interrupted);
        try
        {
            string pairs = $"{options.Keys:N0} pairs of {StoreData.KeyBytes} + {StoreData.ValueBytes} B in random order, {StoreBench.BatchPairs} a batch";
            Write($"Load without a log: {pairs}: pairs/s", await bench.LoadsAsync(stores, StoreDurability.None));
            Write($"Load, each batch flushed: {pairs}: pairs/s", await bench.LoadsAsync(stores, StoreDurability.Flushed));
            view.WriteRemarks("After the load", await bench.OpenLoadedAsync(stores));
            Write("Point reads, one reader, random keys that are there: reads/s", await bench.GetsAsync());
            Write("Scan in the order of keys: pairs/s", await bench.ScansAsync());
            Write("Put, one writer, each pair flushed: puts/s", await bench.PutsAsync());
            Write($"Put, {StoreBench.Writers} writers, each waits for its pair to be flushed: puts/s", await bench.WritersAsync());
            view.WriteRemarks("At the end", bench.Remarks());
            view.WriteMemory();
        }
        finally
        {
            await bench.CloseAsync();
        }

        void Write(string title, IReadOnlyList<MeasuredRate> rates)
        {
            view.WriteRates(title, rates, null);
            view.WriteAhead(title[..title.IndexOf(':', StringComparison.Ordinal)], rates, ours.Name);
        }
    }
}
