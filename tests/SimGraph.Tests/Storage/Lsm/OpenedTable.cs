using SimGraph.Storage.Lsm;
using SimGraph.Storage.Lsm.Tables;
using Xunit;

namespace SimGraph.Tests.Storage.Lsm;

/// <summary>A table on a disk in memory, written from a model and opened.</summary>
internal sealed class OpenedTable : IAsyncDisposable
{
    public const string Path = "tree/table";
    public const ulong Number = 7;

    private OpenedTable(MemoryDisk disk, TableReader reader, TableSummary summary, BlockCache cache)
    {
        Disk = disk;
        Reader = reader;
        Written = summary;
        Cache = cache;
    }

    public MemoryDisk Disk { get; }

    public TableReader Reader { get; }

    public TableSummary Written { get; }

    public BlockCache Cache { get; }

    public static async Task<OpenedTable> OfAsync(
        TableModel model, TableOptions? options = null, IEnumerable<RangeTombstone>? tombstones = null, long cacheBytes = 1 << 20, ulong number = Number)
    {
        var disk = new MemoryDisk();
        TableSummary summary = await WriteAsync(disk, model, options, tombstones, number);
        var cache = new BlockCache(cacheBytes);
        TableReader reader = await TableReader.OpenAsync(disk, Path, number, summary.Length, cache, CancellationToken.None);
        return new OpenedTable(disk, reader, summary, cache);
    }

    public static async Task<TableSummary> WriteAsync(
        MemoryDisk disk, TableModel model, TableOptions? options = null, IEnumerable<RangeTombstone>? tombstones = null, ulong number = Number)
    {
        TableWriter writer = await TableWriter.CreateAsync(disk, Path, number, options ?? new TableOptions(), CancellationToken.None);
        foreach (RangeTombstone tombstone in tombstones ?? [])
        {
            writer.AddRangeTombstone(tombstone);
        }

        foreach (TableVersion version in model.Versions)
        {
            await writer.AddAsync(version.Key, version.Sequence, version.Kind, version.Value, CancellationToken.None);
        }

        TableSummary summary = await writer.FinishAsync(CancellationToken.None);
        Assert.Equal(summary.Length, disk.Get(Path).Length);
        Assert.Equal(0, disk.OpenFiles);
        return summary;
    }

    public static TableVersion? Shown(EntryCursor cursor) =>
        cursor.IsValid ? new TableVersion(cursor.Key.ToArray(), cursor.Sequence, cursor.Kind, cursor.Value.ToArray()) : null;

    public static void AssertSame(TableVersion? expected, EntryCursor cursor)
    {
        Assert.Equal(expected?.ToString(), Shown(cursor)?.ToString());
        Assert.Equal(expected?.Value ?? [], cursor.Value.ToArray());
        Assert.True(cursor.Key.SequenceEqual(cursor.KeyMemory.Span));
    }

    public static void AssertSame(TableVersion? expected, TableLookup found)
    {
        Assert.Equal(expected is not null, found.Found);
        if (expected is not null)
        {
            Assert.Equal(expected.Sequence, found.Sequence);
            Assert.Equal(expected.Kind, found.Kind);
            Assert.Equal(expected.Value, found.Value.ToArray());
        }
    }

    /// <summary>Walks the table forward and backward and compares each step.</summary>
    public static async Task AssertSameAsync(TableModel model, TableReader reader, bool fillCache)
    {
        EntryCursor cursor = reader.OpenCursor(fillCache);
        await cursor.SeekToFirstAsync(CancellationToken.None);
        foreach (TableVersion version in model.Versions)
        {
            AssertSame(version, cursor);
            await cursor.MoveNextAsync(CancellationToken.None);
        }

        AssertSame(null, cursor);
        await cursor.SeekToLastAsync(CancellationToken.None);
        foreach (TableVersion version in model.Versions.Reverse())
        {
            AssertSame(version, cursor);
            if (!cursor.TryMovePrevious())
            {
                await cursor.MovePreviousAsync(CancellationToken.None);
            }
        }

        AssertSame(null, cursor);
    }

    public async ValueTask DisposeAsync()
    {
        await Reader.DisposeAsync();
        Assert.Equal(0, Disk.OpenFiles);
        Assert.Equal(0, Cache.Bytes);
        Assert.Equal(0, Cache.Count);
    }
}
