using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Tests.Storage;

public sealed class WriteAheadLogTruncationTests
{
    private static async Task<MemoryDisk> FilledAsync(params Func<OpenedLog, Task>[] steps)
    {
        var disk = new MemoryDisk();
        await using OpenedLog log = await OpenedLog.OpenAsync(disk, LogSample.SmallSegments);
        await log.AppendAsync(LogSample.Batch("state"));
        for (ulong index = 1; index <= 30; index++)
        {
            await log.AppendAsync(LogSample.Entry(index));
        }

        foreach (Func<OpenedLog, Task> step in steps)
        {
            await step(log);
        }

        return disk;
    }

    private static Task TruncateAsync(OpenedLog log, ulong index) => log.Log.TruncatePrefixAsync(index, CancellationToken.None);

    [Fact]
    public async Task Segments_that_a_durable_start_covers_are_deleted_and_the_rest_is_still_there()
    {
        int before = (await FilledAsync()).Paths.Count;
        MemoryDisk disk = await FilledAsync(log => log.AppendAsync(LogSample.Batch(null, new LogPosition(20, 1))), log => TruncateAsync(log, 20));

        // A segment was begun, so that the start stands in a head, before the older ones went.
        Assert.InRange(disk.Paths.Count, 2, before - 2);
        string newest = disk.Paths[^1];
        byte[] damaged = disk.Get(newest);
        Array.Clear(damaged, BitConverter.ToInt32(damaged, 12), damaged.Length - BitConverter.ToInt32(damaged, 12));
        disk.Put(newest, damaged);

        await using OpenedLog again = await OpenedLog.OpenAsync(disk.LosePower(() => false), LogSample.SmallSegments);
        Assert.Equal("state", System.Text.Encoding.UTF8.GetString(again.Recovered.State!.Value.Span));
        Assert.Equal(new LogPosition(20, 1), again.Recovered.Start);
        Assert.Equal(LogSample.Entries(21, 30).Select(entry => entry.Index), again.Recovered.Entries.Select(entry => entry.Index));
    }

    [Fact]
    public async Task Nothing_is_deleted_that_no_durable_start_covers()
    {
        int before = (await FilledAsync()).Paths.Count;
        MemoryDisk disk = await FilledAsync(log => TruncateAsync(log, 30));
        Assert.Equal(before, disk.Paths.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Truncating_while_a_flush_is_in_flight_waits_for_it_and_power_loss_meanwhile_loses_nothing(bool zeros)
    {
        MemoryDisk disk = await FilledAsync(log => log.AppendAsync(LogSample.Batch(null, new LogPosition(20, 1))));
        WriteAheadLogOptions options = LogSample.SmallSegmentsOf(zeros);
        await using OpenedLog log = await OpenedLog.OpenAsync(disk, options);
        TaskCompletionSource gate = disk.FlushGate = MemoryDisk.NewSignal();
        Task append = log.AppendAsync(LogSample.Entry(31));
        await disk.FlushEntered.Task;
        int segments = disk.Paths.Count;
        Task truncation = TruncateAsync(log, 20);
        Task overwrite = log.AppendAsync(LogSample.Entry(25, 2));
        Assert.False(truncation.IsCompleted);
        Assert.Equal(segments, disk.Paths.Count);
        await AssertEndsAtAsync(disk.LosePower(() => false), 30);
        gate.SetResult();
        await Task.WhenAll([append, truncation, overwrite]);
        Assert.True(disk.Paths.Count < segments);
        await AssertEndsAtAsync(disk.LosePower(() => false), 25);

        async Task AssertEndsAtAsync(MemoryDisk left, ulong last)
        {
            await using OpenedLog again = await OpenedLog.OpenAsync(left, options);
            Assert.Equal(new LogPosition(20, 1), again.Recovered.Start);
            Assert.Equal(LogSample.Entries(21, last).Select(entry => entry.Index), again.Recovered.Entries.Select(entry => entry.Index));
        }
    }

    [Fact]
    public async Task The_segment_that_is_written_stays_even_if_all_is_covered()
    {
        MemoryDisk disk = await FilledAsync(log => log.AppendAsync(LogSample.Batch(null, new LogPosition(100, 2))), log => TruncateAsync(log, 100));
        Assert.Single(disk.Paths);
        await using OpenedLog again = await OpenedLog.OpenAsync(disk, LogSample.SmallSegments);
        Assert.Equal(new LogPosition(100, 2), again.Recovered.Start);
        Assert.Empty(again.Recovered.Entries);
    }

    [Fact]
    public async Task A_start_whose_entry_went_with_its_segment_does_not_forget_the_entries_behind_it()
    {
        // The start stands behind entries of a later segment; the entry that it names lies in one that is deleted.
        ulong covered = 0;
        MemoryDisk disk = await FilledAsync();
        for (ulong index = 1; index < 30; index++)
        {
            await using OpenedLog log = await OpenedLog.OpenAsync(disk.Copy(), LogSample.SmallSegments);
            int before = ((MemoryDisk)log.Platform.Disk).Paths.Count;
            await log.AppendAsync(LogSample.Batch(null, new LogPosition(index, 1)));
            await TruncateAsync(log, index);
            covered += (ulong)(before - ((MemoryDisk)log.Platform.Disk).Paths.Count);
            await using OpenedLog again = await OpenedLog.OpenAsync(((MemoryDisk)log.Platform.Disk).Copy(), LogSample.SmallSegments);
            Assert.Equal(LogSample.Entries(index + 1, 30).Select(entry => entry.Index), again.Recovered.Entries.Select(entry => entry.Index));
        }

        Assert.True(covered > 0);
    }

    [Fact]
    public async Task A_segment_whose_entries_were_all_overwritten_later_may_go()
    {
        MemoryDisk disk = await FilledAsync(
            log => log.AppendAsync(LogSample.Entries(2, 12, 2)),
            log => log.AppendAsync(LogSample.Batch(null, new LogPosition(12, 2))),
            log => TruncateAsync(log, 12));
        Assert.InRange(disk.Paths.Count, 1, 2);
        await using OpenedLog again = await OpenedLog.OpenAsync(disk, LogSample.SmallSegments);
        Assert.Equal(new LogPosition(12, 2), again.Recovered.Start);
    }

    [Fact]
    public async Task A_deletion_that_power_loss_undoes_in_part_never_leaves_a_gap()
    {
        MemoryDisk filled = await FilledAsync(log => log.AppendAsync(LogSample.Batch(null, new LogPosition(25, 1))));
        var random = new Random(1);
        for (int dieAfter = 1; ; dieAfter++)
        {
            MemoryDisk disk = filled.Copy();
            bool died = false;
            await using (OpenedLog log = await OpenedLog.OpenAsync(disk, LogSample.SmallSegments))
            {
                disk.DieAt = disk.Calls + dieAfter;
                disk.DieAfterEffect = dieAfter % 2 == 0;
                try
                {
                    await TruncateAsync(log, 25);
                }
                catch (WriteAheadLogException)
                {
                    died = true;
                }
            }

            await using OpenedLog again = await OpenedLog.OpenAsync(disk.LosePower(() => random.Next(2) == 0), LogSample.SmallSegments);
            Assert.Equal(LogSample.Entries(26, 30).Select(entry => entry.Index), again.Recovered.Entries.Select(entry => entry.Index));
            if (!died)
            {
                break;
            }
        }
    }

    [Fact]
    public async Task A_log_goes_on_after_truncation_and_reopening()
    {
        MemoryDisk disk = await FilledAsync(log => log.AppendAsync(LogSample.Batch(null, new LogPosition(20, 1))), log => TruncateAsync(log, 20));
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk, LogSample.SmallSegments))
        {
            await log.AppendAsync(LogSample.Entries(31, 40));
            await log.AppendAsync(LogSample.Batch(null, new LogPosition(38, 1)));
            await TruncateAsync(log, 38);
        }

        await using OpenedLog again = await OpenedLog.OpenAsync(disk, LogSample.SmallSegments);
        Assert.Equal([39UL, 40UL], again.Recovered.Entries.Select(entry => entry.Index));
    }
}
