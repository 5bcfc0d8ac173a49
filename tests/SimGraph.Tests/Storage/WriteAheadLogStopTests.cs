using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Tests.Storage;

public sealed class WriteAheadLogStopTests
{
    [Fact]
    public async Task What_was_accepted_before_stop_is_flushed_and_nothing_after()
    {
        var disk = new MemoryDisk();
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk))
        {
            TaskCompletionSource gate = disk.FlushGate = MemoryDisk.NewSignal();
            Task flushing = log.AppendAsync(LogSample.Entry(1));
            await disk.FlushEntered.Task;
            Task queued = log.AppendAsync(LogSample.Entry(2));
            Task stop = log.Log.StopAsync();
            await Assert.ThrowsAsync<LogClosedException>(() => log.AppendAsync(LogSample.Entry(3)));
            await Assert.ThrowsAsync<LogClosedException>(() => log.Log.TruncatePrefixAsync(1, CancellationToken.None));
            Assert.False(stop.IsCompleted, "stop did not wait for the flush");
            gate.SetResult();
            await stop;
            await flushing;
            await queued;
            Assert.Equal(0, disk.OpenFiles);
        }

        await using OpenedLog again = await OpenedLog.OpenAsync(disk.LosePower(() => false));
        Assert.Equal([1UL, 2UL], again.Recovered.Entries.Select(entry => entry.Index));
    }

    [Fact]
    public async Task Who_waits_for_room_when_the_log_stops_is_refused()
    {
        var disk = new MemoryDisk();
        await using OpenedLog log = await OpenedLog.OpenAsync(disk, new WriteAheadLogOptions { QueueLengthMax = 1 });
        TaskCompletionSource gate = disk.FlushGate = MemoryDisk.NewSignal();
        Task flushing = log.AppendAsync(LogSample.Entry(1));
        await disk.FlushEntered.Task;
        Task queued = log.AppendAsync(LogSample.Entry(2));
        Task waiting = log.AppendAsync(LogSample.Entry(3));
        Task[] stops = [log.Log.StopAsync(), log.Log.StopAsync()];
        await Assert.ThrowsAsync<LogClosedException>(() => waiting);
        gate.SetResult();
        await Task.WhenAll(stops);
        await Task.WhenAll([flushing, queued]);
        await log.Log.StopAsync();
    }

    [Fact]
    public async Task A_stopping_owner_stops_the_log_after_flushing_what_was_accepted()
    {
        var disk = new MemoryDisk();
        await using OpenedLog log = await OpenedLog.OpenAsync(disk);
        TaskCompletionSource gate = disk.FlushGate = MemoryDisk.NewSignal();
        Task flushing = log.AppendAsync(LogSample.Entry(1));
        await disk.FlushEntered.Task;
        Task queued = log.AppendAsync(LogSample.Entry(2));
        Task stop = log.Owner.StopAsync();
        await Assert.ThrowsAsync<LogClosedException>(() => log.AppendAsync(LogSample.Entry(3)));
        gate.SetResult();
        await stop;
        await Task.WhenAll([flushing, queued]);
        Assert.Equal(0, disk.OpenFiles);
        Assert.Null(log.Owner.FirstFailure);
    }

    [Fact]
    public async Task Racing_with_stop_every_append_ends_and_just_the_successful_ones_are_there()
    {
        for (int round = 0; round < 30; round++)
        {
            var disk = new MemoryDisk();
            int succeeded = 0;
            await using (OpenedLog log = await OpenedLog.OpenAsync(disk, new WriteAheadLogOptions { QueueLengthMax = 3 }))
            {
                object gate = new();
                ulong next = 0;
                Task AppendNextAsync()
                {
                    lock (gate)
                    {
                        return log.AppendAsync(LogSample.Entry(++next));
                    }
                }

                Task[] writers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
                {
                    for (int i = 0; i < 20; i++)
                    {
                        try
                        {
                            await AppendNextAsync();
                            Interlocked.Increment(ref succeeded);
                        }
                        catch (LogClosedException)
                        {
                            return;
                        }
                    }
                }))];
                Task[] stops = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
                {
                    while (Volatile.Read(ref succeeded) < round)
                    {
                        await Task.Yield();
                    }

                    await log.Log.StopAsync();
                }))];
                await Task.WhenAll([.. writers, .. stops]);
            }

            await using OpenedLog again = await OpenedLog.OpenAsync(disk);
            Assert.Equal(succeeded, again.Recovered.Entries.Count);
        }
    }

    [Fact]
    public async Task A_poisoned_log_stops_and_stays_poisoned()
    {
        var disk = new MemoryDisk();
        await using OpenedLog log = await OpenedLog.OpenAsync(disk);
        await log.AppendAsync(LogSample.Entry(1));
        disk.FailAt = disk.Calls + 2;
        await Assert.ThrowsAsync<WriteAheadLogException>(() => log.AppendAsync(LogSample.Entry(2)));
        await Assert.ThrowsAsync<WriteAheadLogException>(() => log.AppendAsync(LogSample.Entry(3)));
        await Assert.ThrowsAsync<WriteAheadLogException>(() => log.Log.TruncatePrefixAsync(1, CancellationToken.None));
        await log.Log.StopAsync();
        await Assert.ThrowsAsync<WriteAheadLogException>(() => log.AppendAsync(LogSample.Entry(4)));
        Assert.True(log.Platform.WasReached("wal.poisoned"));
        Assert.Null(log.Owner.FirstFailure);
        Assert.Equal(0, disk.OpenFiles);
    }

    [Fact]
    public async Task A_failing_flush_fails_everyone_in_the_batch_and_behind_it()
    {
        var disk = new MemoryDisk();
        await using OpenedLog log = await OpenedLog.OpenAsync(disk, new WriteAheadLogOptions { QueueLengthMax = 5 });
        TaskCompletionSource gate = disk.FlushGate = MemoryDisk.NewSignal();
        Task[] appends = [.. LogSample.Entries(1, 9).Select(entry => log.AppendAsync(entry))];
        await disk.FlushEntered.Task;
        disk.FailAt = disk.Calls + 1;
        gate.SetResult();
        foreach (Task append in appends)
        {
            await Assert.ThrowsAsync<WriteAheadLogException>(() => append);
        }
    }
}
