// A user's cursor over keys and values, consistent at one sequence whatever is written, flushed or compacted meanwhile: it holds the memtables and the
// version of the moment it was opened.
//
// Concurrency: one owner, one call at a time. A stop of the tree waits for a call that reads the disk, and later calls fail.

using SimGraph.Storage.Lsm.Cursors;
using SimGraph.Storage.Lsm.Memtables;
using SimGraph.Storage.Lsm.Tree;
using SimGraph.Storage.Lsm.Versions;

namespace SimGraph.Storage.Lsm;

/// <summary>Walks the keys of a range in either direction. Dispose it: it keeps files from being deleted. Not thread-safe.</summary>
public sealed class LsmCursor : IAsyncDisposable
{
    private readonly TreeCore _core;
    private readonly TableShelf _shelf;
    private readonly OperationGate _operations;
    private readonly TreeState _state;
    private readonly LsmRange _range;
    private readonly SourceSet _sources = new();
    private MergingCursor? _merge;
    private VisibleWalk? _walk;
    private bool _disposed;

    internal LsmCursor(TreeCore core, TableShelf shelf, OperationGate operations, TreeState held, ulong sequence, LsmRange range)
    {
        _core = core;
        _shelf = shelf;
        _operations = operations;
        _state = held;
        _range = range;
        Sequence = sequence;
    }

    /// <summary>It shows what was applied up to this sequence.</summary>
    public ulong Sequence { get; }

    /// <summary>False before the first seek, beyond either end, and while a move waits.</summary>
    public bool IsValid => _walk is { IsValid: true };

    /// <summary>The key; valid until the next move.</summary>
    public ReadOnlyMemory<byte> Key => Present().Key;

    /// <summary>Its value; valid until the next move.</summary>
    public ReadOnlyMemory<byte> Value => Present().Value;

    /// <summary>Moves to the first key of the range.</summary>
    /// <exception cref="LsmClosedException">The tree is stopped.</exception>
    /// <exception cref="LsmCorruptException">A table is damaged.</exception>
    public async ValueTask MoveToFirstAsync(CancellationToken cancellationToken) =>
        await SeekForwardAsync(_range.Start, 0, cancellationToken);

    /// <summary>Moves to the last key of the range.</summary>
    public async ValueTask MoveToLastAsync(CancellationToken cancellationToken) => await SeekBackAsync(_range.End, cancellationToken);

    /// <summary>Moves to the first key of the range that is not below <paramref name="key"/>.</summary>
    public async ValueTask SeekAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
        await SeekForwardAsync(_range.IsBefore(key.Span) ? _range.Start : key, 0, cancellationToken);

    /// <summary>Moves to the last key of the range that is not above <paramref name="key"/>.</summary>
    public async ValueTask SeekBackwardAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        if (_range.IsBehind(key.Span))
        {
            await SeekBackAsync(_range.End, cancellationToken);
            return;
        }

        // The key that comes right behind it.
        byte[] behind = new byte[key.Length + 1];
        key.CopyTo(behind);
        await SeekBackAsync(behind, cancellationToken);
    }

    /// <summary>
    /// Moves to the next key without waiting. True: done, and <see cref="IsValid"/> says whether there is one. False: the disk is needed, or the
    /// direction changes; call <see cref="MoveNextAsync"/>. The cursor must show a key.
    /// </summary>
    public bool TryMoveNext()
    {
        VisibleWalk walk = Present();
        return !walk.IsBackward && !_core.IsClosed && walk.TryRun();
    }

    /// <summary>As <see cref="TryMoveNext"/>, towards the first key.</summary>
    public bool TryMovePrevious()
    {
        VisibleWalk walk = Present();
        return walk.IsBackward && !_core.IsClosed && walk.TryRun();
    }

    /// <summary>Moves to the next key. The cursor must show one, or <see cref="TryMoveNext"/> must have returned false.</summary>
    public async ValueTask MoveNextAsync(CancellationToken cancellationToken)
    {
        VisibleWalk walk = Begun();
        if (walk.IsBackward)
        {
            // Behind all versions of the present key: no sequence is 0.
            await SeekForwardAsync(walk.Key.ToArray(), 1, cancellationToken);
            return;
        }

        if (_core.IsClosed || !walk.TryRun())
        {
            await RunAsync(walk, cancellationToken);
        }
    }

    /// <summary>Moves to the key before. The cursor must show one, or <see cref="TryMovePrevious"/> must have returned false.</summary>
    public async ValueTask MovePreviousAsync(CancellationToken cancellationToken)
    {
        VisibleWalk walk = Begun();
        if (!walk.IsBackward)
        {
            await SeekBackAsync(walk.Key.ToArray(), cancellationToken);
            return;
        }

        if (_core.IsClosed || !walk.TryRun())
        {
            await RunAsync(walk, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            _sources.Release();
            _walk = null;
            _core.Release(_state.Version);
        }

        return ValueTask.CompletedTask;
    }

    private VisibleWalk Present()
    {
        VisibleWalk walk = Begun();
        return walk.IsValid ? walk : throw new InvalidOperationException("the cursor shows no key");
    }

    private VisibleWalk Begun()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _walk ?? throw new InvalidOperationException("the cursor has not been moved to a key yet");
    }

    // behindKey 1: to the first key above; 0: to the first key not below.
    private async ValueTask SeekForwardAsync(ReadOnlyMemory<byte>? key, int behindKey, CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            VisibleWalk walk = _walk ?? await OpenAsync(cancellationToken);
            if (key is { } from)
            {
                await _merge!.SeekAsync(from, behindKey == 0 ? ulong.MaxValue : 0, cancellationToken);
            }
            else
            {
                await _merge!.SeekToFirstAsync(cancellationToken);
            }

            walk.Begin(backward: false);
            while (!walk.TryRun())
            {
                await walk.MoveAsync(cancellationToken);
            }
        }
        finally
        {
            _operations.Exit();
        }
    }

    private async ValueTask SeekBackAsync(ReadOnlyMemory<byte>? before, CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            VisibleWalk walk = _walk ?? await OpenAsync(cancellationToken);
            if (before is { } key)
            {
                await _merge!.SeekBeforeAsync(key, cancellationToken);
            }
            else
            {
                await _merge!.SeekToLastAsync(cancellationToken);
            }

            walk.Begin(backward: true);
            while (!walk.TryRun())
            {
                await walk.MoveAsync(cancellationToken);
            }
        }
        finally
        {
            _operations.Exit();
        }
    }

    private async ValueTask RunAsync(VisibleWalk walk, CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            do
            {
                await walk.MoveAsync(cancellationToken);
            }
            while (!walk.TryRun());
        }
        finally
        {
            _operations.Exit();
        }
    }

    private void Enter()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_operations.TryEnter())
        {
            throw new LsmClosedException(_core.Options.Folder);
        }
    }

    // Only tables that may hold something of the range are looked at.
    private async ValueTask<VisibleWalk> OpenAsync(CancellationToken cancellationToken)
    {
        _sources.Add(_state.Active);
        foreach (Memtable memtable in _state.Immutable)
        {
            _sources.Add(memtable);
        }

        LsmTable[][] levels = _state.Version.Levels;
        foreach (LsmTable table in levels[0])
        {
            if (IsInRange(table))
            {
                await _sources.AddTableAsync(_shelf, table, fillCache: true, cancellationToken);
            }
        }

        for (int level = 1; level < levels.Length; level++)
        {
            await _sources.AddLevelAsync(_shelf, SliceOf(levels[level]), fillCache: true, cancellationToken);
        }

        _sources.Complete();
        _merge = new MergingCursor(_sources.Cursors);
        _walk = new VisibleWalk(_merge, _sources.Tombstones, Sequence, _range);
        return _walk;
    }

    private bool IsInRange(LsmTable table) =>
        !_range.IsBefore(table.Summary.LargestKey.Span) && !_range.IsBehind(table.Summary.SmallestKey.Span);

    private LsmTable[] SliceOf(LsmTable[] tables)
    {
        int first = _range.Start is { } start ? TreeVersion.FirstReaching(tables, start.Span) : 0;
        int behind = first;
        while (behind < tables.Length && !_range.IsBehind(tables[behind].Summary.SmallestKey.Span))
        {
            behind++;
        }

        return first == 0 && behind == tables.Length ? tables : tables[first..behind];
    }
}
