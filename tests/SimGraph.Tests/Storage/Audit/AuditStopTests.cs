using SimGraph.Storage.Audit;
using Xunit;

namespace SimGraph.Tests.Storage.Audit;

public sealed class AuditStopTests
{
    [Fact]
    public async Task What_was_accepted_before_stop_is_written_and_nothing_after()
    {
        var disk = new MemoryDisk();
        await using (OpenedAudit log = await OpenedAudit.OpenAsync(disk))
        {
            await log.AppendAsync(1);
            TaskCompletionSource gate = disk.FlushGate = MemoryDisk.NewSignal();
            Task flushing = log.AppendAsync(2);
            await disk.FlushEntered.Task;
            Task queued = log.AppendAsync(3);
            Task stop = log.Log.StopAsync();
            await Assert.ThrowsAsync<AuditClosedException>(() => log.AppendAsync(4));
            await Assert.ThrowsAsync<AuditClosedException>(() => log.Log.RotateAsync(CancellationToken.None));
            Assert.False(stop.IsCompleted, "stop did not wait for the flush");
            gate.SetResult();
            await stop;
            await flushing;
            await queued;
            Assert.Equal(Enumerable.Range(1, 3), await log.ReadNumbersAsync());
        }

        await using OpenedAudit again = await OpenedAudit.OpenAsync(disk.LosePower(() => false));
        Assert.Equal(Enumerable.Range(1, 3), await again.ReadNumbersAsync());
    }

    [Fact]
    public async Task Stop_twice_and_at_once_is_stop()
    {
        var disk = new MemoryDisk();
        await using OpenedAudit log = await OpenedAudit.OpenAsync(disk);
        await log.AppendAsync(1);
        await Task.WhenAll([log.Log.StopAsync(), log.Log.StopAsync(), log.Owner.StopAsync()]);
        await log.Log.StopAsync();
        Assert.Equal(0, disk.OpenFiles);
    }

    [Fact]
    public async Task Stop_waits_for_a_compression_in_progress_which_leaves_no_temporary_file()
    {
        var disk = new MemoryDisk();
        await using OpenedAudit log = await OpenedAudit.OpenAsync(disk, new AuditOptions { FileBytesMax = 4 << 20 });
        var large = new Dictionary<string, string> { ["large"] = new('y', 60_000) };
        for (int i = 1; i <= 10; i++)
        {
            await log.AppendAsync(AuditSample.Event(i) with { Details = large });
        }

        await log.Log.RotateAsync(CancellationToken.None);
        await log.AppendAsync(11);
        TaskCompletionSource gate = disk.FlushGate = MemoryDisk.NewSignal();
        if (log.Platform.Count("audit.compressed") == 0)
        {
            // Either the compression is still before its flush and is held there, or it ends now.
            await Task.WhenAny(disk.FlushEntered.Task, log.Platform.WhenReachedAsync("audit.compressed", 1));
        }

        Task stop = log.Log.StopAsync();
        Assert.False(disk.FlushEntered.Task.IsCompleted && stop.IsCompleted, "stop did not wait for the compression, which is held at its flush");
        gate.SetResult();
        await stop;
        Assert.Equal(0, disk.OpenFiles);
        Assert.Empty(log.Owner.SnapshotAlive());
        Assert.DoesNotContain(disk.Paths, path => path.EndsWith(".tmp", StringComparison.Ordinal));
        Assert.Equal(11, (await log.ReadNumbersAsync()).Length);
    }

    [Fact]
    public async Task Who_waits_for_room_when_the_log_stops_is_refused()
    {
        var disk = new MemoryDisk();
        await using OpenedAudit log = await OpenedAudit.OpenAsync(disk, new AuditOptions { QueueLengthMax = 1 });
        await log.AppendAsync(1);
        TaskCompletionSource gate = disk.FlushGate = MemoryDisk.NewSignal();
        Task flushing = log.AppendAsync(2);
        await disk.FlushEntered.Task;
        Task queued = log.AppendAsync(3);
        Task waiting = log.AppendAsync(4);
        Task stop = log.Log.StopAsync();
        await Assert.ThrowsAsync<AuditClosedException>(() => waiting);
        gate.SetResult();
        await stop;
        await Task.WhenAll([flushing, queued]);
    }

    [Fact]
    public async Task Cancellation_ends_the_wait_for_room_only()
    {
        var disk = new MemoryDisk();
        await using OpenedAudit log = await OpenedAudit.OpenAsync(disk, new AuditOptions { QueueLengthMax = 1 });
        await log.AppendAsync(1);
        TaskCompletionSource gate = disk.FlushGate = MemoryDisk.NewSignal();
        Task flushing = log.AppendAsync(2);
        await disk.FlushEntered.Task;
        using var cancelled = new CancellationTokenSource();
        Task queued = log.Log.AppendAsync(AuditSample.Event(3), cancelled.Token);
        Task waiting = log.Log.AppendAsync(AuditSample.Event(4), cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        gate.SetResult();
        await Task.WhenAll([flushing, queued]);
        Assert.Equal(Enumerable.Range(1, 3), await log.ReadNumbersAsync());
    }

    [Fact]
    public async Task Racing_with_stop_and_rotation_every_append_ends_and_just_the_successful_ones_are_there()
    {
        for (int round = 0; round < 20; round++)
        {
            var disk = new MemoryDisk();
            int succeeded = 0;
            await using (OpenedAudit log = await OpenedAudit.OpenAsync(disk, AuditSample.SmallFiles with { QueueLengthMax = 3 }))
            {
                Task[] writers = [.. Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
                {
                    for (int i = 0; i < 20; i++)
                    {
                        try
                        {
                            await log.AppendAsync((writer * 100) + i);
                            Interlocked.Increment(ref succeeded);
                            await log.Log.RotateAsync(CancellationToken.None);
                        }
                        catch (AuditClosedException)
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

            Assert.DoesNotContain(disk.Paths, path => path.EndsWith(".tmp", StringComparison.Ordinal));
            await using OpenedAudit again = await OpenedAudit.OpenAsync(disk);
            Assert.Equal(succeeded, (await again.ReadNumbersAsync()).Length);
            await again.AssertSoundAsync((ulong)succeeded);
        }
    }

    [Fact]
    public async Task A_poisoned_log_refuses_everything_and_stops_and_what_was_acknowledged_is_there()
    {
        for (int call = 1; call <= 2; call++)
        {
            var disk = new MemoryDisk();
            await using (OpenedAudit log = await OpenedAudit.OpenAsync(disk, new AuditOptions { Compress = false, RetentionAge = null }))
            {
                await log.AppendAsync(1, 2);
                disk.FailAt = disk.Calls + call;
                await Assert.ThrowsAsync<AuditException>(() => log.AppendAsync(3));
                AuditException failure = await Assert.ThrowsAsync<AuditException>(() => log.AppendAsync(4));
                Assert.Contains("start it again", failure.Message, StringComparison.Ordinal);
                await Assert.ThrowsAsync<AuditException>(() => log.Log.RotateAsync(CancellationToken.None));
                Assert.Equal(Enumerable.Range(1, 2), await log.ReadNumbersAsync());
                await log.Log.StopAsync();
                await Assert.ThrowsAsync<AuditException>(() => log.AppendAsync(5));
                Assert.Equal(1, log.Platform.Count("audit.poisoned"));
            }

            // The failed write left half a line: it is cut, and the next line does not stand behind it.
            await using OpenedAudit again = await OpenedAudit.OpenAsync(disk);
            Assert.Equal(call == 1, again.Log.RecoveredBytesCut > 0);
            int[] found = await again.ReadNumbersAsync();
            Assert.Equal([1, 2], found.Take(2));
            await again.AppendAsync(6);
            await again.AssertSoundAsync((ulong)found.Length + 1);
        }
    }
}
