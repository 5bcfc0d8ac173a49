// The machine dies at every disk call of a life of the log, with every kind of remains; then the log is opened.

using SimGraph.Runtime.Disk;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Tests.Storage;

public sealed class WriteAheadLogCrashTests
{
    private static Func<bool> Coin(int seed)
    {
        var random = new Random(seed);
        return () => random.Next(2) == 0;
    }

    private static async Task<(LogWorkload Workload, MemoryDisk Disk)> DieAtAsync(long call, bool afterEffect, bool zeros)
    {
        var disk = new MemoryDisk { DieAt = call, DieAfterEffect = afterEffect };
        var workload = new LogWorkload(LogSample.Life, LogSample.SmallSegmentsOf(zeros));
        await workload.RunAsync(disk);
        return (workload, disk);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task After_power_loss_at_any_disk_call_all_that_was_acknowledged_is_there_and_nothing_else(bool afterEffect, bool zeros)
    {
        for (long call = 1; ; call++)
        {
            (LogWorkload workload, MemoryDisk disk) = await DieAtAsync(call, afterEffect, zeros);
            await workload.AssertRecoversAsync(disk.LosePower(() => false), $"call {call}, nothing kept");
            await workload.AssertRecoversAsync(disk.LosePower(() => true), $"call {call}, all kept");
            for (int seed = 0; seed < 8; seed++)
            {
                await workload.AssertRecoversAsync(disk.LosePower(Coin(seed)), $"call {call}, remains {seed}");
            }

            if (workload.Completed)
            {
                Assert.InRange(call, 40, 1000);
                return;
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_any_torn_prefix_of_the_write_in_flight_all_that_was_acknowledged_is_there_and_nothing_else(bool zeros)
    {
        bool cut = false;
        bool removed = false;
        for (long call = 1; ; call++)
        {
            (LogWorkload workload, MemoryDisk disk) = await DieAtAsync(call, afterEffect: true, zeros);
            string? previous = null;
            for (int bytes = 0; bytes < 500; bytes++)
            {
                MemoryDisk left = disk.LosePowerKeepingPrefix(bytes);
                string remains = string.Join(' ', left.Paths.Select(path => Convert.ToHexString(left.Get(path))));
                if (remains == previous)
                {
                    break;
                }

                previous = remains;
                await using (OpenedLog log = await OpenedLog.OpenAsync(left.Copy(), LogSample.SmallSegmentsOf(zeros)))
                {
                    cut |= log.Platform.WasReached("wal.tail-cut") && log.Recovered.BytesCut > 0;
                    removed |= log.Platform.WasReached("wal.torn-segment-removed");
                }

                await workload.AssertRecoversAsync(left, $"call {call}, prefix of {bytes}");
            }

            if (workload.Completed)
            {
                break;
            }
        }

        Assert.True(cut && removed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_crash_while_recovering_from_a_crash_changes_nothing(bool zeros)
    {
        for (long call = 1; ; call += 3)
        {
            (LogWorkload workload, MemoryDisk disk) = await DieAtAsync(call, afterEffect: true, zeros);
            for (long second = 1; ; second++)
            {
                MemoryDisk recovering = disk.LosePower(Coin((int)call));
                recovering.DieAt = second;
                recovering.DieAfterEffect = true;
                bool opened = true;
                try
                {
                    await using OpenedLog log = await OpenedLog.OpenAsync(recovering, LogSample.SmallSegmentsOf(zeros));
                }
                catch (WriteAheadLogException)
                {
                    opened = false;
                }

                await workload.AssertRecoversAsync(recovering.LosePower(Coin((int)second)), $"call {call}, then call {second} of the recovery");
                if (opened)
                {
                    break;
                }
            }

            if (workload.Completed)
            {
                return;
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_disk_call_that_fails_poisons_the_log_and_what_a_new_process_recovers_survives_power_loss(bool zeros)
    {
        for (long call = 1; ; call++)
        {
            var disk = new MemoryDisk { FailAt = call };
            var workload = new LogWorkload(LogSample.Life, LogSample.SmallSegmentsOf(zeros));
            await workload.RunAsync(disk);
            if (workload.Completed)
            {
                Assert.InRange(call, 40, 1000);
                return;
            }

            string recovered;
            MemoryDisk left;
            await using (OpenedLog log = await OpenedLog.OpenAsync(disk.RestartProcess(), LogSample.SmallSegmentsOf(zeros)))
            {
                workload.AssertAllowed(log.Recovered, $"failure of call {call}");
                recovered = LogModel.Of(log.Recovered).Describe();
                left = disk.LosePower(() => false);
            }

            // The failed flush took the pages with it; recovery handed them out as durable, so they must be, and so must what is appended to them.
            await using OpenedLog again = await OpenedLog.OpenAsync(left, LogSample.SmallSegmentsOf(zeros));
            Assert.Equal(recovered, LogModel.Of(again.Recovered).Describe());
            await workload.AssertRecoversAsync(disk, $"failure of call {call}, restarted");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failing_open_closes_its_files_and_a_later_open_finds_everything(bool zeros)
    {
        var filled = new MemoryDisk();
        var workload = new LogWorkload(LogSample.Life, LogSample.SmallSegmentsOf(zeros));
        await workload.RunAsync(filled);
        Assert.True(workload.Completed);
        for (long call = 1; ; call++)
        {
            MemoryDisk disk = filled.Copy();
            disk.FailAt = call;
            try
            {
                await using OpenedLog log = await OpenedLog.OpenAsync(disk, LogSample.SmallSegmentsOf(zeros));
                Assert.InRange(call, 5, 1000);
                return;
            }
            catch (WriteAheadLogException exception)
            {
                Assert.IsType<DiskException>(exception.InnerException);
            }

            await workload.AssertRecoversAsync(disk.RestartProcess(), $"failure of call {call}");
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public async Task Of_appends_in_flight_together_a_prefix_survives_that_holds_all_acknowledged_ones(int seed, bool zeros)
    {
        for (long call = zeros ? 8 : 7; call < 40; call++)
        {
            var disk = new MemoryDisk { DieAt = call, DieAfterEffect = call % 2 == 0 };
            int acknowledged = 0;
            await using (OpenedLog log = await OpenedLog.OpenAsync(disk, LogSample.SmallSegmentsOf(zeros)))
            {
                Task[] appends = [.. LogSample.Entries(1, 40).Select(entry => log.AppendAsync(entry))];
                foreach (Task append in appends)
                {
                    try
                    {
                        await append;
                        acknowledged++;
                    }
                    catch (WriteAheadLogException)
                    {
                    }
                }
            }

            await using OpenedLog again = await OpenedLog.OpenAsync(disk.LosePower(Coin(seed)), LogSample.SmallSegmentsOf(zeros));
            Assert.InRange(again.Recovered.Entries.Count, acknowledged, 40);
            Assert.Equal(Enumerable.Range(1, again.Recovered.Entries.Count), again.Recovered.Entries.Select(entry => (int)entry.Index));
        }
    }
}
