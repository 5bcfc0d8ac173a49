using SimGraph.Storage.Lsm.Memtables;
using SimGraph.Storage.Lsm.Tables;
using SimGraph.Storage.Lsm.Tree;
using SimGraph.Storage.Lsm.Versions;

namespace SimGraph.Storage.Lsm;

public sealed partial class LsmTree
{
    private enum Answer
    {
        /// <summary>Nothing is known of the key here: look further down.</summary>
        Nothing,

        /// <summary>The key has a value.</summary>
        Value,

        /// <summary>The key is deleted.</summary>
        Deleted,

        /// <summary>A table is no longer there, or not in memory as far as it is needed: begin again.</summary>
        Outdated,
    }

    /// <summary>The value of a key: as of the snapshot, or of now. Ends at once when no disk is needed.</summary>
    /// <exception cref="LsmClosedException">The tree is stopped.</exception>
    /// <exception cref="LsmCorruptException">A table is damaged.</exception>
    /// <exception cref="Runtime.Disk.DiskException">A table could not be read.</exception>
    public ValueTask<LsmValue> GetAsync(ReadOnlyMemory<byte> key, LsmSnapshot? at, CancellationToken cancellationToken)
    {
        at?.CheckOpen(_core);
        _core.ThrowIfClosed();
        TreeState state = _core.ReadState(out ulong sequence);
        sequence = at?.Sequence ?? sequence;
        Answer answer = FindInMemory(state, key.Span, sequence, out ReadOnlyMemory<byte> value);
        if (answer == Answer.Nothing)
        {
            answer = FindInOpenTables(state.Version, key.Span, sequence, out value);
        }

        return answer == Answer.Outdated
            ? GetFromDiskAsync(key, at, cancellationToken)
            : new ValueTask<LsmValue>(new LsmValue(answer == Answer.Value, value));
    }

    private async ValueTask<LsmValue> GetFromDiskAsync(ReadOnlyMemory<byte> key, LsmSnapshot? at, CancellationToken cancellationToken)
    {
        while (true)
        {
            TreeState state = _core.ReadState(out ulong sequence);
            sequence = at?.Sequence ?? sequence;
            Answer answer = FindInMemory(state, key.Span, sequence, out ReadOnlyMemory<byte> value);
            if (answer == Answer.Nothing)
            {
                if (!_operations.TryEnter())
                {
                    throw new LsmClosedException(_core.Options.Folder);
                }

                try
                {
                    (answer, value) = await FindInTablesAsync(state.Version, key, sequence, cancellationToken);
                }
                finally
                {
                    _operations.Exit();
                }
            }

            if (answer != Answer.Outdated)
            {
                return new LsmValue(answer == Answer.Value, value);
            }
        }
    }

    private static Answer FindInMemory(TreeState state, ReadOnlySpan<byte> key, ulong sequence, out ReadOnlyMemory<byte> value)
    {
        Answer answer = FindIn(state.Active, key, sequence, out value);
        for (int i = 0; answer == Answer.Nothing && i < state.Immutable.Length; i++)
        {
            answer = FindIn(state.Immutable[i], key, sequence, out value);
        }

        return answer;
    }

    private static Answer FindIn(Memtable memtable, ReadOnlySpan<byte> key, ulong sequence, out ReadOnlyMemory<byte> value)
    {
        bool found = memtable.TryFind(key, sequence, out EntryKind kind, out ulong own, out value);
        RangeTombstoneSet tombstones = memtable.Tombstones;
        ulong deleted = tombstones.Count == 0 ? 0 : tombstones.HighestCovering(key, sequence);
        if (found)
        {
            return kind == EntryKind.Put && deleted <= own ? Answer.Value : Deleted(out value);
        }

        return deleted > 0 ? Answer.Deleted : Answer.Nothing;
    }

    private static Answer Deleted(out ReadOnlyMemory<byte> value)
    {
        value = default;
        return Answer.Deleted;
    }

    // As FindInTablesAsync, as long as nothing has to be read.
    private Answer FindInOpenTables(TreeVersion version, ReadOnlySpan<byte> key, ulong sequence, out ReadOnlyMemory<byte> value)
    {
        value = default;
        if (!_operations.TryEnter())
        {
            throw new LsmClosedException(_core.Options.Folder);
        }

        try
        {
            ulong hash = TableReader.HashOf(key);
            LsmTable[][] levels = version.Levels;
            for (int level = 0; level < levels.Length; level++)
            {
                LsmTable[] tables = levels[level];
                int first = level == 0 ? 0 : TreeVersion.FirstReaching(tables, key);
                for (int i = first; i < tables.Length; i++)
                {
                    bool holds = tables[i].Overlaps(key, key);
                    Answer answer = holds ? FindInOpenTable(tables[i], key, hash, sequence, out value) : Answer.Nothing;
                    if (answer != Answer.Nothing)
                    {
                        return answer;
                    }

                    if (!holds && level > 0)
                    {
                        break;
                    }
                }
            }

            return Answer.Nothing;
        }
        finally
        {
            _operations.Exit();
        }
    }

    private Answer FindInOpenTable(LsmTable table, ReadOnlySpan<byte> key, ulong hash, ulong sequence, out ReadOnlyMemory<byte> value)
    {
        value = default;
        if (!table.TryLease(out TableReader reader))
        {
            return Answer.Outdated;
        }

        TableLookup lookup;
        try
        {
            if (!reader.TryFind(key, hash, sequence, out lookup))
            {
                return Answer.Outdated;
            }
        }
        finally
        {
            Return(table);
        }

        return Judge(table, key, lookup, sequence, out value);
    }

    private static Answer Judge(
        LsmTable table, ReadOnlySpan<byte> key, in TableLookup lookup, ulong sequence, out ReadOnlyMemory<byte> value)
    {
        value = default;
        ulong deleted = table.Summary.RangeTombstones == 0 ? 0 : table.Tombstones.HighestCovering(key, sequence);
        if (!lookup.Found)
        {
            return deleted > 0 ? Answer.Deleted : Answer.Nothing;
        }

        if (lookup.Kind == EntryKind.Delete || deleted > lookup.Sequence)
        {
            return Answer.Deleted;
        }

        value = lookup.Value;
        return Answer.Value;
    }

    // What a newer table says about a key is newer than what older ones say, so the first word is the last.
    private async ValueTask<(Answer Answer, ReadOnlyMemory<byte> Value)> FindInTablesAsync(
        TreeVersion version, ReadOnlyMemory<byte> key, ulong sequence, CancellationToken cancellationToken)
    {
        ulong hash = TableReader.HashOf(key.Span);
        LsmTable[][] levels = version.Levels;
        for (int level = 0; level < levels.Length; level++)
        {
            LsmTable[] tables = levels[level];
            int first = level == 0 ? 0 : TreeVersion.FirstReaching(tables, key.Span);
            for (int i = first; i < tables.Length; i++)
            {
                LsmTable table = tables[i];
                if (!table.Overlaps(key.Span, key.Span))
                {
                    if (level == 0)
                    {
                        continue;
                    }

                    break;
                }

                (Answer Answer, ReadOnlyMemory<byte> Value) found = await FindInTableAsync(table, key, hash, sequence, cancellationToken);
                if (found.Answer != Answer.Nothing)
                {
                    return found;
                }
            }
        }

        return (Answer.Nothing, default);
    }

    private async ValueTask<(Answer Answer, ReadOnlyMemory<byte> Value)> FindInTableAsync(
        LsmTable table, ReadOnlyMemory<byte> key, ulong hash, ulong sequence, CancellationToken cancellationToken)
    {
        if (!table.TryLease(out TableReader reader))
        {
            if (await _shelf.LeaseAsync(table, cancellationToken) is not { } opened)
            {
                return (Answer.Outdated, default);
            }

            reader = opened;
        }

        TableLookup lookup;
        try
        {
            lookup = await reader.FindAsync(key, hash, sequence, cancellationToken);
        }
        finally
        {
            Return(table);
        }

        Answer answer = Judge(table, key.Span, lookup, sequence, out ReadOnlyMemory<byte> value);
        return (answer, value);
    }

    // The keeper may be waiting for the last reader of a table that nobody needs any more.
    private void Return(LsmTable table)
    {
        if (table.Return() && table.Versions == 0)
        {
            _core.Changes.Raise();
        }
    }
}
