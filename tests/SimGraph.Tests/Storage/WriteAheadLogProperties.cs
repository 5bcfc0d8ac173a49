using FsCheck.Xunit;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Tests.Storage;

public sealed class WriteAheadLogProperties
{
    // Each byte of the script is one step: its low bits say what, its high bits how much. Arrays of bytes shrink well.
    [Property(MaxTest = 150)]
    public Task Whatever_is_appended_overwritten_started_truncated_and_reopened_the_log_equals_a_list(byte[] script) =>
        EqualsListAsync(script, LogSample.SmallSegments);

    [Property(MaxTest = 150)]
    public Task So_it_does_with_zeros_ahead_and_packed_payloads(byte[] script) => EqualsListAsync(script, LogSample.SmallSegmentsOf(zeros: true));

    [Property(MaxTest = 50)]
    public Task So_it_does_in_one_segment_with_zeros_ahead(byte[] script) => EqualsListAsync(script, new WriteAheadLogOptions { PreallocatedBytes = 2048 });

    private static async Task EqualsListAsync(byte[] script, WriteAheadLogOptions options)
    {
        var disk = new MemoryDisk();
        LogModel model = LogModel.Empty;
        OpenedLog log = await OpenedLog.OpenAsync(disk, options);
        try
        {
            ulong term = 1;
            foreach (byte step in script)
            {
                ulong much = (ulong)step >> 3;
                switch (step & 7)
                {
                    case 0:
                        await log.DisposeAsync();
                        disk = step < 128 ? disk.LosePower(() => false) : disk;
                        log = await OpenedLog.OpenAsync(disk, options, much % 3 == 0 ? ["wal.roll-early"] : []);
                        Assert.Equal(model.Describe(), LogModel.Of(log.Recovered).Describe());
                        break;
                    case 1:
                        await log.Log.TruncatePrefixAsync(model.Start.Index + (much / 2), CancellationToken.None);
                        break;
                    default:
                        LogBatch batch = NextBatch(model, step & 7, much, ref term);
                        model = model.After(batch);
                        await log.AppendAsync(batch);
                        break;
                }
            }

            await log.DisposeAsync();
            log = await OpenedLog.OpenAsync(disk.LosePower(() => false), options);
            Assert.Equal(model.Describe(), LogModel.Of(log.Recovered).Describe());
        }
        finally
        {
            await log.DisposeAsync();
        }
    }

    private static LogBatch NextBatch(LogModel model, int kind, ulong much, ref ulong term)
    {
        switch (kind)
        {
            case 2:
                return LogSample.Batch($"state {much}");
            case 3:
                // A divergent suffix is overwritten in a new term.
                term++;
                ulong from = model.Start.Index + 1 + (much % (model.Last - model.Start.Index + 1));
                return LogSample.Batch(null, null, LogSample.Entries(from, from + (much % 3), term));
            case 4:
                LogEntry? held = model.Entries.Count == 0 ? null : model.Entries[(int)(much % (ulong)model.Entries.Count)];
                return LogSample.Batch("compacted", held is null ? null : new LogPosition(held.Index, held.Term));
            case 5 when much > 24:
                term++;
                ulong behind = model.Start.Index + (much % 9);
                return LogSample.Batch(null, behind > model.Start.Index ? new LogPosition(behind, term) : null);
            default:
                return LogSample.Batch(kind == 6 ? $"state {much}" : null, null, LogSample.Entries(model.Last + 1, model.Last + 1 + (much % 7), term));
        }
    }
}
