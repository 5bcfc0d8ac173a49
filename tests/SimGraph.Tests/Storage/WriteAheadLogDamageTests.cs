using System.Buffers.Binary;
using System.Numerics;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Tests.Storage;

public sealed class WriteAheadLogDamageTests
{
    private const string First = "wal/wal-0000000000000001.log";
    private const string Second = "wal/wal-0000000000000002.log";

    private static async Task<(MemoryDisk Disk, List<LogModel> Models, long LastBatchStart)> LiveAsync(WriteAheadLogOptions options)
    {
        var disk = new MemoryDisk();
        var models = new List<LogModel> { LogModel.Empty };
        long lastBatchStart = 0;
        await using OpenedLog log = await OpenedLog.OpenAsync(disk, options);
        foreach (LogBatch batch in LogSample.Life)
        {
            string path = disk.Paths[^1];
            long length = disk.Get(path).Length;
            await log.AppendAsync(batch);
            models.Add(models[^1].After(batch));

            // Behind the bytes that were there or, in a new segment, behind its head.
            lastBatchStart = path == disk.Paths[^1] ? length : BinaryPrimitives.ReadInt32LittleEndian(disk.Get(disk.Paths[^1]).AsSpan(12));
        }

        return (disk, models, lastBatchStart);
    }

    [Fact]
    public async Task A_record_without_payload_at_the_end_of_the_file_shows_that_what_is_damaged_before_it_was_durable()
    {
        var disk = new MemoryDisk();
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk, LogSample.NoZeros))
        {
            await log.AppendAsync(LogSample.Entry(1, 1, "acknowledged"));
            await log.AppendAsync(new LogEntry(2, 1, LogEntryKind.NoOperation, ReadOnlyMemory<byte>.Empty));
        }

        byte[] bytes = disk.Get(First);
        bytes[bytes.AsSpan().IndexOf("acknowledged"u8)] ^= 1;
        disk.Put(First, bytes);
        await Assert.ThrowsAsync<LogCorruptException>(() => OpenedLog.OpenAsync(disk, LogSample.NoZeros));
    }

    [Fact]
    public async Task A_torn_tail_does_not_come_back_when_the_flush_of_its_cut_failed()
    {
        for (long call = 1; ; call++)
        {
            (MemoryDisk disk, List<LogModel> models, _) = await LiveAsync(LogSample.NoZeros);
            disk.Put(First, [.. disk.Get(First), .. Enumerable.Repeat((byte)0xA5, 4000)]);
            disk.FailAt = disk.Calls + call;
            bool failed = await Record.ExceptionAsync(async () =>
            {
                await using OpenedLog log = await OpenedLog.OpenAsync(disk, LogSample.NoZeros);
            }) is not null;

            // The next process sees what the one before has cut, durable or not.
            LogModel model = models[^1];
            await using (OpenedLog next = await OpenedLog.OpenAsync(disk.RestartProcess(), LogSample.NoZeros))
            {
                LogBatch more = LogSample.Batch(null, null, LogSample.Entry(model.Last + 1, 9, "more"));
                await next.AppendAsync(more);
                model = model.After(more);
            }

            await using OpenedLog again = await OpenedLog.OpenAsync(disk.LosePower(() => false), LogSample.NoZeros);
            Assert.Equal(model.Describe(), LogModel.Of(again.Recovered).Describe());
            if (!failed)
            {
                Assert.InRange(call, 5, 100);
                return;
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_flipped_byte_is_refused_unless_it_lies_in_the_last_batch_which_looks_like_a_torn_tail(bool smallSegments)
    {
        WriteAheadLogOptions options = smallSegments ? LogSample.SmallSegments : LogSample.NoZeros;
        (MemoryDisk disk, List<LogModel> models, long lastBatchStart) = await LiveAsync(options);
        Assert.Equal(smallSegments, disk.Paths.Count > 1);
        string[] lastBatch = [.. models[^2].Steps(LogSample.Life[^1]).Prepend(models[^2]).SkipLast(1).Select(model => model.Describe())];
        int cuts = 0;
        foreach (string path in disk.Paths)
        {
            for (int offset = 0; offset < disk.Get(path).Length; offset++)
            {
                foreach (byte flip in (byte[])[0x01, 0x80, 0xFF])
                {
                    MemoryDisk damaged = disk.Copy();
                    byte[] bytes = damaged.Get(path);
                    bytes[offset] ^= flip;
                    damaged.Put(path, bytes);
                    if (path == disk.Paths[^1] && offset >= lastBatchStart)
                    {
                        await using OpenedLog log = await OpenedLog.OpenAsync(damaged, options);
                        Assert.Contains(LogModel.Of(log.Recovered).Describe(), lastBatch);
                        Assert.True(log.Recovered.BytesCut > 0);
                        cuts++;
                    }
                    else
                    {
                        LogCorruptException refusal = await Assert.ThrowsAsync<LogCorruptException>(() => OpenedLog.OpenAsync(damaged, options));
                        Assert.Equal(path, refusal.File);
                        Assert.InRange(refusal.Offset, 0, offset);
                        Assert.Equal(bytes, damaged.Get(path));
                    }
                }
            }
        }

        Assert.True(cuts > 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(39)]
    [InlineData(4096)]
    [InlineData(200_000)]
    public async Task A_tail_of_zeros_is_cut_and_the_next_append_lands_right_behind_the_last_record(int zeros)
    {
        (MemoryDisk disk, List<LogModel> models, _) = await LiveAsync(LogSample.NoZeros);
        byte[] bytes = disk.Get(First);
        disk.Put(First, [.. bytes, .. new byte[zeros]]);
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk))
        {
            Assert.Equal(zeros, log.Recovered.BytesCut);
            Assert.Equal(models[^1].Describe(), LogModel.Of(log.Recovered).Describe());
            Assert.True(log.Platform.WasReached("wal.tail-cut"));
            await log.AppendAsync(LogSample.Entry(25, 5, "x"));
        }

        Assert.Equal(bytes.Length + 41, disk.Get(First).Length);
        await using OpenedLog again = await OpenedLog.OpenAsync(disk);
        Assert.Equal(25UL, again.Recovered.Entries[^1].Index);
    }

    [Fact]
    public async Task A_missing_segment_is_refused()
    {
        var disk = new MemoryDisk();
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk, LogSample.SmallSegments))
        {
            for (ulong index = 1; index <= 20; index++)
            {
                await log.AppendAsync(LogSample.Entry(index));
            }
        }

        Assert.True(disk.Paths.Count >= 3);
        disk.Remove(Second);
        LogCorruptException refusal = await Assert.ThrowsAsync<LogCorruptException>(() => OpenedLog.OpenAsync(disk, LogSample.SmallSegments));
        Assert.Contains("segment 2 is missing", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>The last segment holds nothing but its head, so only what stands before the gap can tell whether something is missing.</summary>
    [Theory]
    [InlineData(12, 1, true)]
    [InlineData(11, 1, false)]
    [InlineData(11, 2, true)]
    public async Task A_gap_before_an_empty_segment_is_no_damage_if_the_start_or_a_later_term_covers_what_stands_before_it(ulong start, ulong term, bool opens)
    {
        var disk = new MemoryDisk();
        byte[] old;
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk, LogSample.NoZeros))
        {
            await log.AppendAsync(LogSample.Entries(1, 12));
            old = disk.Get(First);
        }

        disk.Remove(First);
        var encoder = new RecordEncoder(LogSample.NoZeros);
        encoder.EncodeHead(3, previousBytes: 100, state: null, new LogPosition(start, term));
        disk.Put($"wal/{SegmentName.Of(3)}", encoder.Encoded.ToArray());
        disk.Put(First, old);
        if (!opens)
        {
            LogCorruptException refusal = await Assert.ThrowsAsync<LogCorruptException>(() => OpenedLog.OpenAsync(disk));
            Assert.Contains("segment 2 is missing", refusal.Message, StringComparison.Ordinal);
            Assert.Equal(old, disk.Get(First));
            return;
        }

        await using OpenedLog again = await OpenedLog.OpenAsync(disk);
        Assert.Equal(new LogPosition(start, term), again.Recovered.Start);
        Assert.Empty(again.Recovered.Entries);
        Assert.Equal([$"wal/{SegmentName.Of(3)}"], disk.Paths);
    }

    [Fact]
    public async Task Missing_first_segments_whose_entries_are_needed_are_refused()
    {
        var disk = new MemoryDisk();
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk, LogSample.SmallSegments))
        {
            await log.AppendAsync(LogSample.Entries(1, 6));
            await log.AppendAsync(LogSample.Entries(7, 9));
        }

        disk.Remove(First);
        LogCorruptException refusal = await Assert.ThrowsAsync<LogCorruptException>(() => OpenedLog.OpenAsync(disk, LogSample.SmallSegments));
        Assert.Contains("entries 1 to 6 are missing", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_segment_under_the_name_of_another_is_refused()
    {
        (MemoryDisk disk, _, _) = await LiveAsync(LogSample.SmallSegments);
        disk.Put(Second, disk.Get(First));
        await Assert.ThrowsAsync<LogCorruptException>(() => OpenedLog.OpenAsync(disk, LogSample.SmallSegments));
    }

    [Fact]
    public async Task A_closed_segment_that_lost_its_last_record_without_a_trace_is_refused()
    {
        var disk = new MemoryDisk();
        long length;
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk, LogSample.SmallSegments))
        {
            await log.AppendAsync(LogSample.Entries(1, 5));
            length = disk.Get(First).Length;
            await log.AppendAsync(LogSample.Entry(6, 1, "x"));

            // Overwrites what is lost: nothing but the length tells.
            await log.AppendAsync(LogSample.Entries(4, 8, 2));
        }

        Assert.Equal(2, disk.Paths.Count);
        disk.Put(First, disk.Get(First)[..(int)length]);
        await Assert.ThrowsAsync<LogCorruptException>(() => OpenedLog.OpenAsync(disk, LogSample.SmallSegments));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(39)]
    public async Task A_last_segment_without_a_whole_header_is_removed_while_its_predecessor_exists(int bytes)
    {
        (MemoryDisk disk, List<LogModel> models, _) = await LiveAsync(LogSample.SmallSegments);
        string torn = $"wal/wal-{disk.Paths.Count + 1:D16}.log";
        disk.Put(torn, disk.Get(First)[..bytes]);
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk, LogSample.SmallSegments))
        {
            Assert.Equal(models[^1].Describe(), LogModel.Of(log.Recovered).Describe());
            Assert.Equal(bytes, log.Recovered.BytesCut);
            Assert.DoesNotContain(torn, disk.Paths);
            await log.AppendAsync(LogSample.Entries(25, 40, 5));
        }

        await using OpenedLog again = await OpenedLog.OpenAsync(disk, LogSample.SmallSegments);
        Assert.Equal(40UL, again.Recovered.Entries[^1].Index);
    }

    [Fact]
    public async Task A_damaged_head_is_refused_when_the_segments_that_could_replace_it_are_gone()
    {
        var disk = new MemoryDisk();
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk, LogSample.SmallSegments))
        {
            await log.AppendAsync(LogSample.Batch("vote", null, LogSample.Entries(1, 6)));
            await log.AppendAsync(LogSample.Batch(null, new LogPosition(6, 1), LogSample.Entries(7, 12)));
            await log.Log.TruncatePrefixAsync(6, CancellationToken.None);
        }

        string newest = disk.Paths[^1];
        byte[] head = disk.Get(newest)[..BitConverter.ToInt32(disk.Get(newest), 12)];
        for (int offset = 0; offset < head.Length; offset++)
        {
            // What remains when just the head was ever written, with one byte of it damaged.
            byte[] damaged = [.. head];
            damaged[offset] ^= 1;
            await Assert.ThrowsAsync<LogCorruptException>(() => OpenedLog.OpenAsync(MemoryDisk.Holding(newest, damaged)));
        }
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(7, false)]
    public async Task Zeros_behind_a_sealed_segment_are_what_a_lost_cut_leaves_and_anything_else_is_damage(byte behind, bool opens)
    {
        var disk = new MemoryDisk();
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk, LogSample.SmallSegmentsOf(zeros: true)))
        {
            for (ulong index = 1; index <= 30; index++)
            {
                await log.AppendAsync(LogSample.Entry(index));
            }
        }

        string sealedFirst = disk.Paths[0];
        byte[] longer = [.. disk.Get(sealedFirst), .. new byte[99], behind];
        disk.Put(sealedFirst, longer);
        if (opens)
        {
            await using OpenedLog again = await OpenedLog.OpenAsync(disk, LogSample.SmallSegmentsOf(zeros: true));
            Assert.Equal(30UL, again.Recovered.Entries[^1].Index);
        }
        else
        {
            await Assert.ThrowsAsync<LogCorruptException>(() => OpenedLog.OpenAsync(disk, LogSample.SmallSegmentsOf(zeros: true)));
        }
    }

    [Fact]
    public async Task A_record_larger_than_the_limit_is_refused_and_never_cut()
    {
        var disk = new MemoryDisk();
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk))
        {
            await log.AppendAsync(LogSample.Entry(1, 1, new string('x', 500)));
        }

        LogCorruptException refusal = await Assert.ThrowsAsync<LogCorruptException>(
            () => OpenedLog.OpenAsync(disk, new WriteAheadLogOptions { RecordBytesMax = 499, StateBytesMax = 10 }));
        Assert.Contains("RecordBytesMax", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    [InlineData(1 << 24)]
    public async Task A_length_is_never_trusted_with_memory(int length)
    {
        // A header with a valid checksum over a false length: what no crash can make, but a defect could.
        byte[] file = (await LiveAsync(LogSample.NoZeros)).Disk.Get(First)[..80];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(44), length);
        uint crc = uint.MaxValue;
        foreach (byte value in (byte[])[1, 0, 0, 0, 0, 0, 0, 0, .. file[44..80]])
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(40), ~crc);
        MemoryDisk disk = MemoryDisk.Holding(First, file);
        long allocated = await AllocatedBytes.OfAsync(async () =>
        {
            try
            {
                await using OpenedLog log = await OpenedLog.OpenAsync(disk);
                Assert.Equal(40, log.Recovered.BytesCut);
            }
            catch (LogCorruptException)
            {
                Assert.True(length is < 0 or > (16 << 20));
            }
        });
        Assert.InRange(allocated, 1, 2 << 20);
    }

    [Fact]
    public async Task Mutated_and_random_segments_are_opened_or_refused_and_nothing_else()
    {
        (MemoryDisk disk, _, _) = await LiveAsync(LogSample.SmallSegments);
        var random = new Random(7);
        int refused = 0;
        for (int round = 0; round < 3000; round++)
        {
            MemoryDisk damaged = disk.Copy();
            string path = disk.Paths[random.Next(disk.Paths.Count)];
            damaged.Put(path, Mutate(damaged.Get(path), random));
            try
            {
                await using OpenedLog log = await OpenedLog.OpenAsync(damaged, LogSample.SmallSegments);
            }
            catch (LogCorruptException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 2999);
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        int from = random.Next(bytes.Length);
        int to = random.Next(from, bytes.Length);
        byte[] noise = new byte[random.Next(200)];
        random.NextBytes(noise);
        return random.Next(6) switch
        {
            0 => noise,
            1 => bytes[..from],
            2 => [.. bytes[..from], .. bytes[to..]],
            3 => [.. bytes[..to], .. bytes[from..]],
            4 => [.. bytes[..from], .. noise, .. bytes[to..]],
            _ => [.. bytes[..from], .. new byte[to - from], .. bytes[to..]],
        };
    }
}
