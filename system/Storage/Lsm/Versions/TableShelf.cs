// Opens tables when they are first read and closes those that were not used for longest (second chance) when too many are open.
//
// Concurrency: readers of open tables pass without a lock (LsmTable). Opening and closing take turns under one AsyncLock. A table that was ended
// because no version refers to it any more is reported as gone: whoever asked has an old version, and asks again with the present one.

using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Disk;
using SimGraph.Storage.Lsm.Tables;

namespace SimGraph.Storage.Lsm.Versions;

/// <summary>The open tables of a tree. Thread-safe.</summary>
internal sealed class TableShelf(IPlatform platform, LsmOptions options)
{
    private readonly AsyncLock _turn = new();
    private readonly List<LsmTable> _open = [];
    private int _hand;
    private bool _closed;

    public BlockCache Cache { get; } = new(options.BlockCacheBytes);

    public string PathOf(ulong number) => DiskPath.Join(options.Folder, TreeFiles.TableOf(number));

    /// <summary>The reader of a table, opened if need be; null if the table is gone. Give the lease back with <see cref="LsmTable.Return"/>.</summary>
    /// <exception cref="LsmCorruptException">The table is damaged or missing.</exception>
    /// <exception cref="DiskException">It could not be read.</exception>
    public async ValueTask<TableReader?> LeaseAsync(LsmTable table, CancellationToken cancellationToken) =>
        table.TryLease(out TableReader reader) ? reader
        : table.IsGone ? null
        : await OpenAsync(table, cancellationToken);

    /// <summary>Ends a table that no version refers to, and deletes its file. False while somebody still reads it.</summary>
    public async Task<bool> TryDeleteAsync(LsmTable table)
    {
        using AsyncLock.Holder holder = await _turn.EnterAsync(CancellationToken.None);
        if (!table.TryEnd(out TableReader? reader))
        {
            return false;
        }

        if (reader is not null)
        {
            _open.Remove(table);
            await reader.DisposeAsync();
        }

        await platform.Disk.DeleteAsync(PathOf(table.Number), CancellationToken.None);
        return true;
    }

    /// <summary>Closes all files. Nobody may be reading, and nothing can be opened afterwards.</summary>
    public async Task CloseAsync()
    {
        using AsyncLock.Holder holder = await _turn.EnterAsync(CancellationToken.None);
        _closed = true;
        foreach (LsmTable table in _open)
        {
            if (table.End() is { } reader)
            {
                await reader.DisposeAsync();
            }
        }

        _open.Clear();
    }

    private async ValueTask<TableReader?> OpenAsync(LsmTable table, CancellationToken cancellationToken)
    {
        using AsyncLock.Holder holder = await _turn.EnterAsync(cancellationToken);
        if (_closed)
        {
            throw new LsmClosedException(options.Folder);
        }

        if (table.TryLease(out TableReader present))
        {
            return present;
        }

        if (table.IsGone)
        {
            return null;
        }

        TableReader reader;
        try
        {
            reader = await TableReader.OpenAsync(
                platform.Disk, PathOf(table.Number), table.Number, table.Summary.Length, Cache, cancellationToken);
        }
        catch (DiskException exception) when (exception.Error == DiskError.NotFound)
        {
            throw new LsmCorruptException(PathOf(table.Number), 0, "the manifest names it, and it is missing");
        }

        bool opened = table.TryOpen(reader, RangeTombstoneSet.Of(reader.RangeTombstones));
        Invariant.Check(opened, "tables are opened and ended in turns");
        _open.Add(table);
        await CloseUnusedAsync();
        return reader;
    }

    private async ValueTask CloseUnusedAsync()
    {
        // Two rounds: the first takes the marks away.
        for (int tries = _open.Count * 2; tries > 0 && _open.Count > options.TablesOpenMax; tries--)
        {
            _hand = _hand >= _open.Count ? 0 : _hand;
            if (_open[_hand].TryCloseUnused(out TableReader? reader))
            {
                _open[_hand] = _open[^1];
                _open.RemoveAt(_open.Count - 1);
                platform.Probes.Reachable("lsm.table-closed-unused");
                await reader!.DisposeAsync();
            }
            else
            {
                _hand++;
            }
        }
    }
}
