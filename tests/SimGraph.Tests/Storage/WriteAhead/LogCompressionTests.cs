using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Tests.Storage.WriteAhead;

public sealed class LogCompressionTests
{
    private const string First = "wal/wal-0000000000000001.log";

    private static WriteAheadLogOptions Packed { get; } = new() { PreallocatedBytes = 0, CompressedBytesMin = 64 };

    [Fact]
    public async Task What_packs_well_is_packed_and_comes_back_as_it_was()
    {
        var random = new Random(3);
        byte[] noise = new byte[5000];
        random.NextBytes(noise);
        byte[][] payloads = [[], new byte[63], new byte[64], new byte[100_000], noise, [.. noise, .. noise]];
        var disk = new MemoryDisk();
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk, Packed))
        {
            for (int i = 0; i < payloads.Length; i++)
            {
                await log.AppendAsync(new LogEntry((ulong)i + 1, 1, LogEntryKind.Command, payloads[i]));
            }
        }

        Assert.InRange(disk.Get(First).Length, 10_063, 11_500);
        await using OpenedLog again = await OpenedLog.OpenAsync(disk);
        Assert.Equal(payloads.Length, again.Recovered.Entries.Count);
        for (int i = 0; i < payloads.Length; i++)
        {
            Assert.Equal(payloads[i], again.Recovered.Entries[i].Payload.ToArray());
        }
    }

    [Fact]
    public async Task A_packed_log_with_any_torn_tail_opens_and_goes_on()
    {
        var disk = new MemoryDisk();
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk, Packed))
        {
            await log.AppendAsync(LogSample.Entry(1, 1, new string('a', 3000)));
            await log.AppendAsync(LogSample.Entry(2, 1, string.Concat(Enumerable.Range(0, 100))));
        }

        byte[] whole = disk.Get(First);
        for (int bytes = 40; bytes < whole.Length; bytes++)
        {
            MemoryDisk torn = MemoryDisk.Holding(First, whole[..bytes]);
            int kept;
            await using (OpenedLog log = await OpenedLog.OpenAsync(torn, Packed))
            {
                kept = log.Recovered.Entries.Count;
                Assert.InRange(kept, 0, 1);
                await log.AppendAsync(LogSample.Entry((ulong)kept + 1, 2, new string('b', 500)));
            }

            await using OpenedLog again = await OpenedLog.OpenAsync(torn, Packed);
            Assert.Equal(kept + 1, again.Recovered.Entries.Count);
            Assert.Equal(0, again.Recovered.BytesCut);
        }
    }
}
