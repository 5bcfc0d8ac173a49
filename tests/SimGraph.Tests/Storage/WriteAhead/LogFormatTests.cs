// What is on disk must stay readable. The golden files were written by the version they name; UPDATE_GOLDEN=1 writes that of the present version anew.

using System.Buffers.Binary;
using SimGraph.Storage;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Tests.Storage.WriteAhead;

public sealed class LogFormatTests
{
    private const string First = "wal/wal-0000000000000001.log";
    private const string Second = "wal/wal-0000000000000002.log";

    private static WriteAheadLogOptions Everything { get; } = new() { PreallocatedBytes = 8192, CompressedBytesMin = 16 };

    private static LogModel LifeModel => LogSample.Life.Aggregate(LogModel.Empty, (model, batch) => model.After(batch));

    private static string Golden(string name) => Path.Join(RepositoryFiles.Golden, name);

    private static async Task<MemoryDisk> LiveAsync(WriteAheadLogOptions options)
    {
        var disk = new MemoryDisk();
        await using OpenedLog log = await OpenedLog.OpenAsync(disk, options);
        foreach (LogBatch batch in LogSample.Life)
        {
            await log.AppendAsync(batch);
        }

        return disk;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Version_1_is_read_and_appended_to_and_the_next_segment_is_of_version_2(bool zeros)
    {
        WriteAheadLogOptions options = LogSample.SmallSegmentsOf(zeros) with { SegmentBytesMax = 2000 };
        MemoryDisk disk = MemoryDisk.Holding(First, await File.ReadAllBytesAsync(Golden("wal-v1.log"), TestContext.Current.CancellationToken));
        LogModel model = LifeModel;
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk, options))
        {
            Assert.Equal(model.Describe(), LogModel.Of(log.Recovered).Describe());
            Assert.Equal(0, log.Recovered.BytesCut);
            for (ulong index = 25; disk.Paths.Count == 1; index++)
            {
                LogBatch batch = LogSample.Batch(null, null, LogSample.Entry(index, 6, new string('y', 200)));
                await log.AppendAsync(batch);
                model = model.After(batch);
            }
        }

        Assert.Equal(1u, BinaryPrimitives.ReadUInt32LittleEndian(disk.Get(First).AsSpan(8)));
        Assert.Equal(2u, BinaryPrimitives.ReadUInt32LittleEndian(disk.Get(Second).AsSpan(8)));
        Assert.True(disk.Get(First).Length > 1700, "the segment of version 1 was not appended to");
        await using OpenedLog again = await OpenedLog.OpenAsync(disk.LosePower(() => false), options);
        Assert.Equal(model.Describe(), LogModel.Of(again.Recovered).Describe());
    }

    [Fact]
    public async Task Version_2_is_read()
    {
        string path = Golden("wal-v2.log");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllBytesAsync(path, (await LiveAsync(Everything)).Get(First), TestContext.Current.CancellationToken);
        }

        byte[] golden = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(8192 + 40, golden.Length);
        await using OpenedLog log = await OpenedLog.OpenAsync(MemoryDisk.Holding(First, golden), LogSample.NoZeros);
        Assert.Equal(LifeModel.Describe(), LogModel.Of(log.Recovered).Describe());
        Assert.Equal(0, log.Recovered.BytesCut);
    }

    [Fact]
    public async Task A_later_version_and_unknown_flags_are_refused_with_what_is_known()
    {
        byte[] file = (await LiveAsync(Everything)).Get(First);
        await AssertRefusedAsync(WithHeader(file, 8, 3), "format version 3 is unknown, this program reads versions 1 to 2");
        await AssertRefusedAsync(WithHeader(file, 8, 0), "format version 0 is unknown");
        await AssertRefusedAsync(WithHeader(file, 32, 2), "flags");
        await AssertRefusedAsync(WithHeader(file, 8, 1), "flags");
    }

    [Fact]
    public async Task A_record_of_an_encoding_that_its_version_or_its_kind_does_not_have_is_refused()
    {
        byte[] state = (await LiveAsync(Everything)).Get(First);
        state[40 + 38] = 1;
        await AssertRefusedAsync(WithRecord(state, 40), "unknown encoding 1");
        state[40 + 38] = 7;
        await AssertRefusedAsync(WithRecord(state, 40), "unknown encoding 7");
        byte[] old = await File.ReadAllBytesAsync(Golden("wal-v1.log"), TestContext.Current.CancellationToken);
        old[86 + 38] = 1;
        await AssertRefusedAsync(WithRecord(old, 86), "unknown encoding 1");
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    [InlineData(299)]
    [InlineData(301)]
    public async Task The_length_that_a_packed_payload_names_is_never_trusted(int length)
    {
        var disk = new MemoryDisk();
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk, Everything))
        {
            await log.AppendAsync(LogSample.Entry(1, 1, new string('x', 300)));
        }

        byte[] file = disk.Get(First);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(80), length);
        long allocated = await AllocatedBytes.OfAsync(() => AssertRefusedAsync(WithRecord(file, 40), "does not unpack"));
        Assert.InRange(allocated, 1, 2 << 20);
    }

    // Plain damage stops at the checksums. Here they are made right again, so that what is behind them is tried too.
    [Fact]
    public async Task Whatever_the_fields_say_under_right_checksums_the_log_opens_or_is_refused_and_nothing_else()
    {
        byte[] golden = (await LiveAsync(Everything)).Get(First);
        var random = new Random(11);
        List<int> records = [.. Records(golden)];
        int refused = 0;
        for (int round = 0; round < 2000; round++)
        {
            byte[] file = [.. golden];
            int record = records[random.Next(records.Count)];
            bool inHeader = random.Next(4) == 0;
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                int at = inHeader ? random.Next(8, 36) : random.Next(record + 4, record + 100);
                file[at] = (byte)(random.Next(3) == 0 ? random.Next(256) : file[at] ^ (1 << random.Next(8)));
            }

            MemoryDisk disk = MemoryDisk.Holding(First, inHeader ? WithHeader(file, 8, null) : WithRecord(file, record));
            try
            {
                await using OpenedLog log = await OpenedLog.OpenAsync(disk, Everything);
            }
            catch (LogCorruptException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 500, 1999);
    }

    [Fact]
    public async Task Random_bytes_and_mutated_segments_open_or_are_refused_and_nothing_else()
    {
        byte[] golden = (await LiveAsync(Everything)).Get(First);
        var random = new Random(12);
        int refused = 0;
        for (int round = 0; round < 3000; round++)
        {
            byte[] file = random.Next(8) == 0 ? new byte[random.Next(400)] : [.. golden[..random.Next(1, golden.Length)]];
            if (file.Length < 400 && random.Next(2) == 0)
            {
                random.NextBytes(file);
            }

            for (int i = random.Next(5); i > 0 && file.Length > 0; i--)
            {
                file[random.Next(Math.Min(file.Length, 1200))] = (byte)random.Next(256);
            }

            try
            {
                await using OpenedLog log = await OpenedLog.OpenAsync(MemoryDisk.Holding(First, file), Everything);
            }
            catch (LogCorruptException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 100, 2999);
    }

    private static async Task AssertRefusedAsync(byte[] file, string reason)
    {
        LogCorruptException refusal = await Assert.ThrowsAsync<LogCorruptException>(() => OpenedLog.OpenAsync(MemoryDisk.Holding(First, file), Everything));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    private static byte[] WithHeader(byte[] file, int at, uint? value)
    {
        byte[] changed = [.. file];
        if (value is { } number)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(at), number);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(36), Crc32C.Compute(changed.AsSpan(0, 36)));
        return changed;
    }

    private static byte[] WithRecord(byte[] file, int at)
    {
        byte[] changed = [.. file];
        int length = BinaryPrimitives.ReadInt32LittleEndian(changed.AsSpan(at + 4));
        if (length >= 0 && length <= changed.Length - at - 40)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(at + 32), Crc32C.Compute(changed.AsSpan(at + 40, length)));
        }

        BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(at), Crc32C.Compute(changed.AsSpan(at + 4, 36), Crc32C.Compute([1, 0, 0, 0, 0, 0, 0, 0])));
        return changed;
    }

    private static IEnumerable<int> Records(byte[] file)
    {
        for (int at = 40; file[at + 36] != 0; at += 40 + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4)))
        {
            yield return at;
        }
    }
}
