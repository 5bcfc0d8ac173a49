using SimGraph.Runtime.Disk;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Tests.Storage.WriteAhead;

public sealed class LogPreallocationTests
{
    private const string First = "wal/wal-0000000000000001.log";
    private const string Second = "wal/wal-0000000000000002.log";
    private const int Head = 40;
    private const int Step = 4096;

    private static WriteAheadLogOptions Zeros { get; } = new() { PreallocatedBytes = Step };

    [Fact]
    public async Task Small_batches_go_into_zeros_and_change_the_length_once_a_step()
    {
        var disk = new MemoryDisk();
        await using OpenedLog log = await OpenedLog.OpenAsync(disk, Zeros);
        Assert.Equal(Head + Step, disk.Get(First).Length);
        var lengths = new HashSet<int>();
        long writes = disk.Writes;
        for (ulong index = 1; index <= 120; index++)
        {
            await log.AppendAsync(LogSample.Entry(index, 1, new string('x', 60)));
            lengths.Add(disk.Get(First).Length);
        }

        // 12,000 bytes: three more steps, each one more write.
        Assert.Equal(3, lengths.Count);
        Assert.Equal(writes + 120 + 2, disk.Writes);
    }

    [Fact]
    public async Task A_large_batch_is_not_followed_by_zeros()
    {
        var disk = new MemoryDisk();
        await using OpenedLog log = await OpenedLog.OpenAsync(disk, Zeros);
        await log.AppendAsync(LogSample.Entry(1, 1, new string('x', 5000)));
        Assert.Equal(Head + 5040, disk.Get(First).Length);
    }

    [Fact]
    public async Task Zeros_behind_the_end_are_no_damage_and_are_used_again()
    {
        var disk = new MemoryDisk();
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk, Zeros))
        {
            await log.AppendAsync(LogSample.Entry(1));
        }

        int length = disk.Get(First).Length;
        for (ulong index = 2; index < 10; index++)
        {
            await using OpenedLog log = await OpenedLog.OpenAsync(disk, Zeros);
            Assert.Equal(0, log.Recovered.BytesCut);
            Assert.True(log.Platform.WasReached("wal.zeros-kept"));
            Assert.False(log.Platform.WasReached("wal.tail-cut"));
            await log.AppendAsync(LogSample.Entry(index));
            Assert.Equal(length, disk.Get(First).Length);
        }

        await using OpenedLog again = await OpenedLog.OpenAsync(disk.LosePower(() => false), LogSample.NoZeros);
        Assert.Equal(9, again.Recovered.Entries.Count);
        await again.AppendAsync(LogSample.Entry(10));
    }

    [Fact]
    public async Task Whatever_stands_in_the_zeros_is_cut_and_costs_no_record()
    {
        var disk = new MemoryDisk();
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk, Zeros))
        {
            await log.AppendAsync(LogSample.Entry(1));
        }

        int end = Array.FindLastIndex(disk.Get(First), value => value != 0) + 1;
        for (int at = end; at < Head + Step; at += 37)
        {
            MemoryDisk damaged = disk.Copy();
            byte[] bytes = damaged.Get(First);
            bytes[at] = 1;
            damaged.Put(First, bytes);
            await using (OpenedLog log = await OpenedLog.OpenAsync(damaged, Zeros))
            {
                Assert.Equal(at + 1 - end, log.Recovered.BytesCut);
                Assert.Single(log.Recovered.Entries);
                Assert.Equal(end, damaged.Get(First).Length);
                await log.AppendAsync(LogSample.Entry(2));
            }

            await using OpenedLog again = await OpenedLog.OpenAsync(damaged.LosePower(() => false), Zeros);
            Assert.Equal(2, again.Recovered.Entries.Count);
            Assert.Equal(0, again.Recovered.BytesCut);
        }
    }

    [Fact]
    public async Task A_segment_is_cut_to_its_end_before_the_next_begins()
    {
        var disk = new MemoryDisk();
        var options = new WriteAheadLogOptions { PreallocatedBytes = Step, SegmentBytesMax = 3000 };
        await using OpenedLog log = await OpenedLog.OpenAsync(disk, options);
        Assert.Equal(3000, disk.Get(First).Length);
        await log.AppendAsync(LogSample.Entry(1, 1, new string('x', 1000)));
        await log.AppendAsync(LogSample.Entry(2, 1, new string('x', 1000)));
        await log.AppendAsync(LogSample.Entry(3, 1, new string('x', 1000)));
        Assert.Equal(Head + 2080, disk.LosePower(() => false).Get(First).Length);
        Assert.Equal(3000, disk.Get(Second).Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_disk_without_room_for_zeros_but_with_room_for_the_batch_is_no_failure(bool onCreation)
    {
        var disk = new MemoryDisk { FailsWith = DiskError.Full };
        if (onCreation)
        {
            // Folder, list, open, head, zeros.
            disk.FailAt = 5;
        }

        await using (OpenedLog log = await OpenedLog.OpenAsync(disk, Zeros))
        {
            for (ulong index = 1; index <= 80; index++)
            {
                bool crosses = disk.FailAt == 0 && Head + (100 * (int)index) > disk.Get(First).Length;
                disk.FailAt = crosses ? disk.Calls + 1 : disk.FailAt;
                await log.AppendAsync(LogSample.Entry(index, 1, new string('x', 60)));
            }
        }

        await using OpenedLog again = await OpenedLog.OpenAsync(disk.LosePower(() => false), Zeros);
        Assert.Equal(80, again.Recovered.Entries.Count);
    }

    [Fact]
    public async Task A_disk_without_room_for_the_batch_poisons_the_log()
    {
        var disk = new MemoryDisk { FailsWith = DiskError.Full };
        await using OpenedLog log = await OpenedLog.OpenAsync(disk, Zeros);
        disk.FailAt = disk.Calls + 1;
        WriteAheadLogException failure = await Assert.ThrowsAsync<WriteAheadLogException>(() => log.AppendAsync(LogSample.Entry(1)));
        Assert.Equal(DiskError.Full, Assert.IsType<DiskException>(failure.InnerException).Error);
        await Assert.ThrowsAsync<WriteAheadLogException>(() => log.AppendAsync(LogSample.Entry(1)));
    }
}
