using SimGraph.Runtime.Production;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Tests.Storage;

public sealed class WriteAheadLogTests
{
    [Fact]
    public async Task A_new_log_is_empty()
    {
        await using OpenedLog log = await OpenedLog.OpenAsync(new MemoryDisk());
        Assert.Null(log.Recovered.State);
        Assert.Equal(default, log.Recovered.Start);
        Assert.Empty(log.Recovered.Entries);
        Assert.Equal(0, log.Recovered.BytesCut);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task After_every_batch_a_reopened_log_says_what_the_model_says(bool smallSegments, bool rollEarly)
    {
        WriteAheadLogOptions options = smallSegments ? LogSample.SmallSegments : new WriteAheadLogOptions();
        string[] buggified = rollEarly ? ["wal.roll-early", "wal.batch-of-one"] : [];
        var disk = new MemoryDisk();
        LogModel model = LogModel.Empty;
        foreach (LogBatch batch in LogSample.Life)
        {
            await using OpenedLog log = await OpenedLog.OpenAsync(disk, options, buggified);
            Assert.Equal(model.Describe(), LogModel.Of(log.Recovered).Describe());
            Assert.Equal(0, log.Recovered.BytesCut);
            await log.AppendAsync(batch);
            model = model.After(batch);
        }

        await using OpenedLog last = await OpenedLog.OpenAsync(disk.LosePower(() => false), options);
        Assert.Equal(model.Describe(), LogModel.Of(last.Recovered).Describe());
    }

    [Fact]
    public async Task A_life_on_the_real_disk_is_recovered()
    {
        string root = Directory.CreateTempSubdirectory("simgraph-wal-").FullName;
        try
        {
            LogModel model = LogModel.Empty;
            for (int round = 0; round < 2; round++)
            {
                await using OpenedLog log = await OpenedLog.OpenAsync(new FileSystemDisk(root), LogSample.SmallSegments);
                Assert.Equal(model.Describe(), LogModel.Of(log.Recovered).Describe());
                foreach (LogBatch batch in round == 0 ? LogSample.Life : [])
                {
                    await log.AppendAsync(batch);
                    model = model.After(batch);
                }

                await log.Log.TruncatePrefixAsync(model.Start.Index, CancellationToken.None);
            }
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public async Task A_full_segment_is_followed_by_the_next_and_the_probe_says_so()
    {
        var disk = new MemoryDisk();
        await using OpenedLog log = await OpenedLog.OpenAsync(disk, LogSample.SmallSegments);
        Assert.Single(disk.Paths);
        await log.AppendAsync(LogSample.Entries(1, 6));
        await log.AppendAsync(LogSample.Entry(7));
        Assert.Equal(["wal/wal-0000000000000001.log", "wal/wal-0000000000000002.log"], disk.Paths);
        Assert.True(log.Platform.WasReached("wal.segment-rolled"));
    }

    [Fact]
    public async Task Every_start_position_before_the_present_one_changes_nothing()
    {
        var disk = new MemoryDisk();
        LogBatch[] batches =
        [
            LogSample.Batch(null, null, LogSample.Entries(1, 9)),
            LogSample.Batch(null, new LogPosition(5, 1)),
            LogSample.Batch(null, new LogPosition(3, 1)),
            LogSample.Batch(null, new LogPosition(5, 1)),
        ];
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk))
        {
            foreach (LogBatch batch in batches)
            {
                await log.AppendAsync(batch);
            }
        }

        await using OpenedLog again = await OpenedLog.OpenAsync(disk);
        Assert.Equal(new LogPosition(5, 1), again.Recovered.Start);
        Assert.Equal([6UL, 7UL, 8UL, 9UL], again.Recovered.Entries.Select(entry => entry.Index));
    }

    [Fact]
    public async Task A_start_with_another_term_than_the_entry_forgets_all_entries()
    {
        var disk = new MemoryDisk();
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk))
        {
            await log.AppendAsync(LogSample.Entries(1, 9));
            await log.AppendAsync(LogSample.Batch(null, new LogPosition(5, 2), LogSample.Entry(6, 2)));
        }

        await using OpenedLog again = await OpenedLog.OpenAsync(disk);
        Assert.Equal(new LogPosition(5, 2), again.Recovered.Start);
        Assert.Equal([6UL], again.Recovered.Entries.Select(entry => entry.Index));
    }

    public static TheoryData<string, LogBatch> Unfit => new()
    {
        { "gap", LogSample.Batch(null, null, LogSample.Entry(12)) },
        { "start", LogSample.Batch(null, null, LogSample.Entry(5)) },
        { "start", LogSample.Batch(null, new LogPosition(8, 1), LogSample.Entry(8)) },
        { "gap", LogSample.Batch(null, null, LogSample.Entry(11), LogSample.Entry(13)) },
        { "contradicts", LogSample.Batch(null, new LogPosition(5, 9)) },
        { "larger", LogSample.Batch(null, null, LogSample.Entry(11, 1, new string('x', 101))) },
        { "larger", LogSample.Batch(new string('x', 51)) },
    };

    [Theory]
    [MemberData(nameof(Unfit), DisableDiscoveryEnumeration = true)]
    public async Task A_batch_that_could_not_be_read_back_is_refused_and_leaves_no_trace(string reason, LogBatch batch)
    {
        var options = new WriteAheadLogOptions { RecordBytesMax = 100, StateBytesMax = 50 };
        var disk = new MemoryDisk();
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk, options))
        {
            await log.AppendAsync(LogSample.Batch(null, null, LogSample.Entries(1, 10)));
            await log.AppendAsync(LogSample.Batch(null, new LogPosition(5, 1)));
            ArgumentException refusal = await Assert.ThrowsAsync<ArgumentException>(() => log.AppendAsync(batch));
            Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
            await log.AppendAsync(LogSample.Entry(11));
        }

        await using OpenedLog again = await OpenedLog.OpenAsync(disk, options);
        Assert.Equal([6UL, 7UL, 8UL, 9UL, 10UL, 11UL], again.Recovered.Entries.Select(entry => entry.Index));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        new WriteAheadLogOptions().Validate();
        Assert.ThrowsAny<ArgumentException>(() => new WriteAheadLogOptions { Directory = "../x" }.Validate());
        Assert.ThrowsAny<ArgumentException>(() => new WriteAheadLogOptions { Directory = "" }.Validate());
        Assert.ThrowsAny<ArgumentException>(() => new WriteAheadLogOptions { SegmentBytesMax = 0 }.Validate());
        Assert.ThrowsAny<ArgumentException>(() => new WriteAheadLogOptions { RecordBytesMax = 0 }.Validate());
        Assert.ThrowsAny<ArgumentException>(() => new WriteAheadLogOptions { StateBytesMax = 0 }.Validate());
        Assert.ThrowsAny<ArgumentException>(() => new WriteAheadLogOptions { QueueBytesMax = 0 }.Validate());
        Assert.ThrowsAny<ArgumentException>(() => new WriteAheadLogOptions { QueueLengthMax = 0 }.Validate());
    }

    [Fact]
    public async Task What_queues_up_behind_a_flush_becomes_one_write_and_one_flush()
    {
        var disk = new MemoryDisk();
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk))
        {
            (long writes, long flushes) = (disk.Writes, disk.Flushes);
            TaskCompletionSource gate = disk.FlushGate = MemoryDisk.NewSignal();
            Task first = log.AppendAsync(LogSample.Entry(1));
            await disk.FlushEntered.Task;
            Task[] rest = [.. LogSample.Entries(2, 100).Select(entry => log.AppendAsync(entry))];
            Assert.False(first.IsCompleted, "acknowledged before its flush");
            Assert.DoesNotContain(rest, task => task.IsCompleted);
            disk.FlushGate = null;
            gate.SetResult();
            await first;
            await Task.WhenAll(rest);
            Assert.Equal((writes + 2, flushes + 2), (disk.Writes, disk.Flushes));
            Assert.True(log.Platform.WasReached("wal.batch-of-many"));
        }

        await using OpenedLog again = await OpenedLog.OpenAsync(disk);
        Assert.Equal(100, again.Recovered.Entries.Count);
    }

    [Fact]
    public async Task Callers_who_wait_for_room_are_served_in_the_order_of_their_calls()
    {
        var disk = new MemoryDisk();
        await using OpenedLog log = await OpenedLog.OpenAsync(disk, new WriteAheadLogOptions { QueueLengthMax = 2 });
        await Task.WhenAll([.. LogSample.Entries(1, 200).Select(entry => log.AppendAsync(entry))]);
    }

    [Fact]
    public async Task A_small_append_does_not_overtake_a_large_one_that_waits_for_room()
    {
        var disk = new MemoryDisk();
        await using OpenedLog log = await OpenedLog.OpenAsync(disk, new WriteAheadLogOptions { QueueBytesMax = 150 });
        TaskCompletionSource gate = disk.FlushGate = MemoryDisk.NewSignal();
        Task flushing = log.AppendAsync(LogSample.Entry(1));
        await disk.FlushEntered.Task;
        Task queued = log.AppendAsync(LogSample.Entry(2, 1, "x"));
        Task large = log.AppendAsync(LogSample.Entry(3, 1, new string('x', 300)));
        Task small = log.AppendAsync(LogSample.Entry(4, 1, "x"));
        gate.SetResult();
        await Task.WhenAll([flushing, queued, large, small]);
    }

    [Fact]
    public async Task The_bytes_in_the_queue_are_bounded_but_a_larger_batch_still_passes()
    {
        var disk = new MemoryDisk();
        await using OpenedLog log = await OpenedLog.OpenAsync(disk, new WriteAheadLogOptions { QueueBytesMax = 100 });
        await Task.WhenAll([.. LogSample.Entries(1, 9).Select(entry => log.AppendAsync(entry with { Payload = new byte[300] }))]);
    }

    [Fact]
    public async Task Cancellation_ends_the_wait_for_room_and_nothing_else()
    {
        var disk = new MemoryDisk();
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk, new WriteAheadLogOptions { QueueLengthMax = 1 }))
        {
            using var cancellation = new CancellationTokenSource();
            TaskCompletionSource gate = disk.FlushGate = MemoryDisk.NewSignal();
            Task flushing = log.Log.AppendAsync(LogSample.Batch(null, null, LogSample.Entry(1)), cancellation.Token);
            await disk.FlushEntered.Task;
            Task queued = log.Log.AppendAsync(LogSample.Batch(null, null, LogSample.Entry(2)), cancellation.Token);
            Task waiting = log.Log.AppendAsync(LogSample.Batch(null, null, LogSample.Entry(3, 1, "cancelled")), cancellation.Token);
            Task behind = log.AppendAsync(LogSample.Entry(3, 1, "taken"));
            await cancellation.CancelAsync();
            OperationCanceledException givenUp = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
            Assert.Equal(cancellation.Token, givenUp.CancellationToken);
            OperationCanceledException late = await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => log.Log.AppendAsync(LogSample.Batch("late"), cancellation.Token));
            Assert.Equal(cancellation.Token, late.CancellationToken);
            gate.SetResult();
            await Task.WhenAll([flushing, queued, behind]);
        }

        await using OpenedLog again = await OpenedLog.OpenAsync(disk);
        Assert.Equal(LogSample.Entry(3, 1, "taken").Payload.ToArray(), again.Recovered.Entries[^1].Payload.ToArray());
        Assert.Equal(3, again.Recovered.Entries.Count);
    }

    [Fact]
    public async Task A_cancelled_open_leaves_nothing_open()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var disk = new MemoryDisk();
        var platform = new StoragePlatform(disk);
        await using var owner = new TaskScope(platform.Tasks, "test");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => WriteAheadLog.OpenAsync(platform, owner, new WriteAheadLogOptions(), cancelled.Token));
        Assert.Equal(0, disk.OpenFiles);
    }

    [Fact]
    public async Task A_log_cannot_be_opened_in_a_stopped_scope_and_leaves_nothing_open()
    {
        var disk = new MemoryDisk();
        var platform = new StoragePlatform(disk);
        var owner = new TaskScope(platform.Tasks, "test");
        await owner.StopAsync();
        await Assert.ThrowsAsync<ScopeStoppedException>(
            () => WriteAheadLog.OpenAsync(platform, owner, new WriteAheadLogOptions(), CancellationToken.None));
        Assert.Equal(0, disk.OpenFiles);
    }
}
