using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Tests.Storage.WriteAhead;

public sealed class LogAppendNextTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Each_append_returns_its_own_index_and_the_indexes_go_on_after_a_restart()
    {
        var disk = new MemoryDisk();
        ulong expected = 0;
        for (int round = 0; round < 3; round++)
        {
            await using OpenedLog log = await OpenedLog.OpenAsync(disk.LosePower(() => false) is var left && round > 0 ? disk = left : disk);
            for (int i = 0; i < 5; i++)
            {
                Assert.Equal(++expected, await log.Log.AppendNextAsync(1, LogEntryKind.Command, new[] { (byte)expected }, None));
            }
        }

        await using OpenedLog again = await OpenedLog.OpenAsync(disk);
        Assert.All(again.Recovered.Entries, entry => Assert.Equal((byte)entry.Index, Assert.Single(entry.Payload.ToArray())));
        Assert.Equal(15, again.Recovered.Entries.Count);
    }

    [Fact]
    public async Task Of_many_writers_each_finds_its_own_bytes_at_its_index()
    {
        const int Writers = 8;
        const int Each = 40;
        var disk = new MemoryDisk();
        var found = new (ulong Index, byte[] Payload)[Writers * Each];
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk, new WriteAheadLogOptions { QueueLengthMax = 3, SegmentBytesMax = 2000, PreallocatedBytes = 512 }))
        {
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
            {
                for (int i = writer * Each; i < (writer + 1) * Each; i++)
                {
                    byte[] payload = BitConverter.GetBytes(i);
                    found[i] = (await log.Log.AppendNextAsync(1, LogEntryKind.Command, payload, None), payload);
                }
            })));
        }

        await using OpenedLog again = await OpenedLog.OpenAsync(disk.LosePower(() => false));
        Assert.Equal(Writers * Each, again.Recovered.Entries.Count);
        foreach ((ulong index, byte[] payload) in found)
        {
            Assert.Equal(payload, again.Recovered.Entries[(int)index - 1].Payload.ToArray());
        }
    }

    [Fact]
    public async Task A_refused_append_takes_no_index()
    {
        var disk = new MemoryDisk();
        await using OpenedLog log = await OpenedLog.OpenAsync(disk, new WriteAheadLogOptions { RecordBytesMax = 100, StateBytesMax = 10 });
        Assert.Equal(1UL, await log.Log.AppendNextAsync(1, LogEntryKind.Command, new byte[100], None));
        await Assert.ThrowsAsync<ArgumentException>(() => log.Log.AppendNextAsync(1, LogEntryKind.Command, new byte[101], None));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => log.Log.AppendNextAsync(1, LogEntryKind.Command, new byte[1], new CancellationToken(true)));
        await Assert.ThrowsAsync<ArgumentException>(() => log.AppendAsync(LogSample.Entry(2), LogSample.Entry(9)));
        Assert.Equal(2UL, await log.Log.AppendNextAsync(1, LogEntryKind.Command, new byte[1], None));
        await log.AppendAsync(LogSample.Batch(null, new LogPosition(40, 1)));
        Assert.Equal(41UL, await log.Log.AppendNextAsync(1, LogEntryKind.Command, new byte[1], None));
    }

    [Fact]
    public async Task After_stop_it_is_refused()
    {
        var disk = new MemoryDisk();
        await using OpenedLog log = await OpenedLog.OpenAsync(disk);
        await log.Log.StopAsync();
        await Assert.ThrowsAsync<LogClosedException>(() => log.Log.AppendNextAsync(1, LogEntryKind.Command, new byte[1], None));
    }
}
