using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Lsm.Tables;

/// <summary>Reads one table. Thread-safe; a cursor has one owner.</summary>
internal sealed class TableReader : IAsyncDisposable
{
    /// <summary>The table's number.</summary>
    public ulong Number => throw new NotImplementedException();

    /// <summary>What it holds.</summary>
    public TableSummary Summary => throw new NotImplementedException();

    /// <summary>Its range tombstones, ordered by start, end and then the highest sequence first.</summary>
    public IReadOnlyList<RangeTombstone> RangeTombstones => throw new NotImplementedException();

    /// <summary>Opens a table, and reads its index, filter and range tombstones into memory.</summary>
    /// <exception cref="LsmCorruptException">It is not whole, or not the table of this number and length.</exception>
    /// <exception cref="DiskException">It is not there, or could not be read.</exception>
    public static Task<TableReader> OpenAsync(
        IDisk disk, string path, ulong number, long expectedLength, BlockCache cache, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>What the filter is asked with: the same for all tables, so that a lookup in many tables hashes its key once.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> key) => throw new NotImplementedException();

    /// <summary>The newest version of the key whose sequence is at most <paramref name="sequence"/>.</summary>
    public ValueTask<TableLookup> FindAsync(ReadOnlyMemory<byte> key, ulong sequence, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>The same, with <see cref="HashOf"/> the key at hand.</summary>
    public ValueTask<TableLookup> FindAsync(ReadOnlyMemory<byte> key, ulong keyHash, ulong sequence, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>A cursor over all versions. With <paramref name="fillCache"/> false, blocks read for it do not displace others (compaction, verify).</summary>
    public EntryCursor OpenCursor(bool fillCache) => throw new NotImplementedException();

    /// <summary>Reads the whole file: every checksum, the order of the versions, and that the counts are those of the properties.</summary>
    public ValueTask VerifyAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Closes the file and gives back its place in the cache. Nobody may be using it.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
