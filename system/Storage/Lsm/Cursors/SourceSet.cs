// What a user-level cursor reads: the memtables and tables of one moment. Opening them yields one cursor for each memtable and level-0 table, and one
// for each level below. Range tombstones of all of them are joined once, because any of them may hide any older version.

using SimGraph.Storage.Lsm.Memtables;
using SimGraph.Storage.Lsm.Tables;
using SimGraph.Storage.Lsm.Versions;

namespace SimGraph.Storage.Lsm.Cursors;

/// <summary>Cursors over everything in a tree, and the range tombstones among it. Release it.</summary>
internal sealed class SourceSet : ILeaseHolder
{
    private readonly List<EntryCursor> _cursors = [];
    private readonly List<LsmTable> _leased = [];
    private readonly List<RangeTombstoneSet> _tombstones = [];

    public IReadOnlyList<EntryCursor> Cursors => _cursors;

    public RangeTombstoneSet Tombstones { get; private set; } = RangeTombstoneSet.Empty;

    /// <summary>Adds memtables.</summary>
    public void Add(Memtable memtable)
    {
        _cursors.Add(memtable.OpenCursor());
        _tombstones.Add(memtable.Tombstones);
    }

    /// <summary>Adds a table that may overlap others.</summary>
    public async ValueTask AddTableAsync(TableShelf shelf, LsmTable table, bool fillCache, CancellationToken cancellationToken)
    {
        TableReader? reader = await shelf.LeaseAsync(table, cancellationToken);
        Runtime.Invariant.Check(reader is not null, "a version that is held keeps its tables");
        _leased.Add(table);
        _tombstones.Add(table.Tombstones);
        _cursors.Add(reader.OpenCursor(fillCache));
    }

    /// <summary>Adds tables in key order that share no key.</summary>
    public async ValueTask AddLevelAsync(TableShelf shelf, LsmTable[] tables, bool fillCache, CancellationToken cancellationToken)
    {
        if (tables.Length == 0)
        {
            return;
        }

        _cursors.Add(new LevelCursor(shelf, tables, fillCache));
        foreach (LsmTable table in tables)
        {
            if (table.Summary.RangeTombstones > 0)
            {
                TableReader? reader = await shelf.LeaseAsync(table, cancellationToken);
                Runtime.Invariant.Check(reader is not null, "a version that is held keeps its tables");
                _tombstones.Add(table.Tombstones);
                table.Return();
            }
        }
    }

    /// <summary>Joins the range tombstones; call it behind the last source.</summary>
    public void Complete() => Tombstones = RangeTombstoneSet.Union(_tombstones);

    public void Release()
    {
        foreach (EntryCursor cursor in _cursors)
        {
            (cursor as ILeaseHolder)?.Release();
        }

        foreach (LsmTable table in _leased)
        {
            table.Return();
        }

        _cursors.Clear();
        _leased.Clear();
    }
}
