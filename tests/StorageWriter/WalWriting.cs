using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Log;

namespace SimGraph.StorageWriter;

/// <summary>Appends entries to a write-ahead log, a few batches at a time, and truncates it now and then.</summary>
public static class WalWriting
{
    /// <summary>Small segments, so that they roll.</summary>
    public static WriteAheadLogOptions Options { get; } = new() { SegmentBytesMax = 4 << 10 };

    /// <summary>The payload of the entry at an index.</summary>
    public static byte[] Payload(ulong index)
    {
        byte[] payload = new byte[index * 37 % 300];
        payload.AsSpan().Fill((byte)(index * 11));
        return payload;
    }

    internal static async Task RunAsync(IPlatform platform, TaskScope scope, Report report, CancellationToken stop)
    {
        const int BatchesAtOnce = 3;
        const ulong EntriesKept = 200;
        WriteAheadLog log = await WriteAheadLog.OpenAsync(platform, scope, Options, stop);
        report.Say("wal-opened", 0);
        ulong last = log.Recovered.Entries.Count > 0 ? log.Recovered.Entries[^1].Index : log.Recovered.Start.Index;
        ulong start = log.Recovered.Start.Index;
        log.ReleaseRecovered();
        var appends = new Queue<(Task Append, ulong Last)>();
        while (!stop.IsCancellationRequested)
        {
            var entries = new LogEntry[(last % 3) + 1];
            for (int i = 0; i < entries.Length; i++)
            {
                last++;
                entries[i] = new LogEntry(last, 1, LogEntryKind.Command, Payload(last));
            }

            appends.Enqueue((log.AppendAsync(new LogBatch { Entries = entries }, stop), last));
            if (appends.Count < BatchesAtOnce)
            {
                continue;
            }

            (Task append, ulong durable) = appends.Dequeue();
            await append;
            report.Say("wal", durable);
            if (durable > start + (2 * EntriesKept))
            {
                start = durable - EntriesKept;
                await log.AppendAsync(new LogBatch { Start = new LogPosition(start, 1) }, stop);
                await log.TruncatePrefixAsync(start, stop);
            }
        }
    }
}
