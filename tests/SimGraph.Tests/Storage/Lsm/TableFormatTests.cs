// Reads golden/table-v1.sst, a table that an earlier program wrote: it must stay readable. With UPDATE_GOLDEN=1 in the environment the file is written anew; do that only together
// with a new format version, and under its name.

using SimGraph.Storage.Lsm;
using SimGraph.Storage.Lsm.Tables;
using Xunit;

namespace SimGraph.Tests.Storage.Lsm;

public sealed class TableFormatTests
{
    private const ulong Number = 0x0102_0304_0506_0708;
    private static readonly TableOptions Options = new() { BlockBytes = 256, RestartInterval = 4, BloomBitsPerKey = 10, Compress = true };
    private static readonly RangeTombstone[] Tombstones =
        [new("key-003"u8.ToArray(), "key-007"u8.ToArray(), 5000), new("zz"u8.ToArray(), new byte[] { 0xFF, 0xFF }, 6)];

    // Values that compress and values that do not, so that both encodings are in the file.
    private static TableModel Model => new(Enumerable.Range(0, 120).Select(number => new TableVersion(
        [.. "key-"u8, .. System.Text.Encoding.ASCII.GetBytes($"{number / 2:D3}")],
        (ulong)(1000 + number),
        number % 9 == 0 ? EntryKind.Delete : EntryKind.Put,
        number % 9 == 0 ? [] : number < 60 ? Enumerable.Repeat((byte)number, number * 2).ToArray() : Incompressible(number))));

    private static byte[] Incompressible(int number)
    {
        byte[] bytes = new byte[number / 2];
        ulong state = (ulong)number;
        for (int index = 0; index < bytes.Length; index++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            bytes[index] = (byte)(state >> 56);
        }

        return bytes;
    }

    [Fact]
    public async Task A_table_of_version_1_stays_readable()
    {
        string path = Path.Combine(RepositoryFiles.Golden, "table-v1.sst");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            var written = new MemoryDisk();
            await OpenedTable.WriteAsync(written, Model, Options, Tombstones, Number);
            await File.WriteAllBytesAsync(path, written.Get(OpenedTable.Path), TestContext.Current.CancellationToken);
        }

        byte[] bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        MemoryDisk disk = MemoryDisk.Holding(OpenedTable.Path, bytes);
        await using TableReader reader = await TableReader.OpenAsync(
            disk, OpenedTable.Path, Number, bytes.Length, new BlockCache(1 << 20), CancellationToken.None);
        await reader.VerifyAsync(CancellationToken.None);
        await OpenedTable.AssertSameAsync(Model, reader, fillCache: true);
        foreach (TableVersion version in Model.Versions)
        {
            OpenedTable.AssertSame(version, await reader.FindAsync(version.Key, version.Sequence, CancellationToken.None));
        }

        Assert.Equal(
            Tombstones.Select(tombstone => (Convert.ToHexString(tombstone.Start.Span), Convert.ToHexString(tombstone.End.Span), tombstone.Sequence)),
            reader.RangeTombstones.Select(tombstone => (Convert.ToHexString(tombstone.Start.Span), Convert.ToHexString(tombstone.End.Span), tombstone.Sequence)));
        Assert.Equal((120, 14), (reader.Summary.Entries, reader.Summary.Deletes));
    }
}
