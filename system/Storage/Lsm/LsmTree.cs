// A log-structured merge tree (O'Neil et al. 1996; levels after LevelDB) without a log of its own: batches come with the sequence under which they
// are durable elsewhere, and DurableSequence tells from where they would have to come again after a crash (docs/decisions/0005).
//
// Structure: writes go into a memtable; a full one is closed and flushed to a table of level 0; compaction moves tables down. TreeCore holds the
// present state, ManifestWriter makes versions durable, and three tasks in a scope of the tree do the rest: flush, compact, and keep, which deletes
// unused tables and closes everything at the end.
//
// Faults: see FlushWorker, CompactionWorker and ManifestWriter. Reads go on after a failure; writes do not.

using Microsoft.Extensions.Logging;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Lsm.Compaction;
using SimGraph.Storage.Lsm.Memtables;
using SimGraph.Storage.Lsm.Tables;
using SimGraph.Storage.Lsm.Tree;
using SimGraph.Storage.Lsm.Versions;

namespace SimGraph.Storage.Lsm;

/// <summary>Sorted keys and values on disk, with snapshots. Thread-safe; one writer at a time.</summary>
public sealed partial class LsmTree
{
    private readonly TreeCore _core;
    private readonly TableShelf _shelf;
    private readonly OperationGate _operations = new();
    private readonly CompactionWorker _compaction;
    private readonly ManifestWriter _manifest;
    private readonly TaskScope _scope;
    private int _writing;
    private long _room;

    private LsmTree(TreeCore core, TableShelf shelf, ManifestWriter manifest, TaskScope scope)
    {
        _core = core;
        _shelf = shelf;
        _scope = scope;
        _manifest = manifest;
        _compaction = new CompactionWorker(core, shelf, manifest);
    }

    /// <summary>Sequence of the last batch that was applied.</summary>
    public ulong LastSequence => _core.LastSequence;

    /// <summary>What a crash now would find: everything up to this sequence.</summary>
    public ulong DurableSequence => _core.DurableSequence;

    /// <summary>True once the tree was stopped.</summary>
    public bool IsClosed => _core.IsClosed;

    /// <summary>Opens the tree, or creates an empty one. Its tasks run until <see cref="StopAsync"/>, or until the owner stops.</summary>
    /// <exception cref="LsmCorruptException">Durable bytes are damaged or missing; nothing was changed.</exception>
    /// <exception cref="LsmException">The disk failed.</exception>
    public static async Task<LsmTree> OpenAsync(
        IPlatform platform, TaskScope owner, LsmOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        ILogger logger = platform.Logging.CreateLogger("SimGraph.Storage.Lsm");
        try
        {
            (RecoveredManifest recovered, IReadOnlyList<string> orphans) = await TreeFolder.ReadAsync(platform, options, cancellationToken);
            var core = new TreeCore(platform, options, logger, recovered);
            var manifest = new ManifestWriter(core, recovered.Generation, recovered.Pointers);
            await manifest.BeginAsync(cancellationToken);
            try
            {
                await TreeFolder.DeleteAsync(core, orphans, cancellationToken);
                var tree = new LsmTree(core, new TableShelf(platform, options), manifest, owner.CreateChild("lsm"));
                tree.Start(manifest);
                int tables = CountOf(recovered.Version);
                LsmEvents.LogOpened(
                    logger, options.Folder, tables, recovered.DurableSequence, orphans.Count, recovered.BytesCut);
                return tree;
            }
            catch
            {
                await manifest.CloseAsync();
                throw;
            }
        }
        catch (DiskException exception)
        {
            throw new LsmException($"the tree in '{options.Folder}' cannot be opened: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// Throws if the tree accepts nothing more because its disk failed. Reads and the memtable go on without noticing, so whoever only waits asks here.
    /// </summary>
    /// <exception cref="LsmFailedException">What failed.</exception>
    public void ThrowIfFailed()
    {
        if (_core.Failure is { } failure)
        {
            throw new LsmFailedException(failure.Message, failure);
        }
    }

    /// <summary>
    /// Refuses new calls, ends the tasks and closes the files; what is only in memtables is not flushed, because the owner's log has it. Cursors and
    /// waiting writes fail. Idempotent.
    /// </summary>
    /// <exception cref="StopTimeoutException">The disk did not answer within <see cref="LsmOptions.StopLimit"/>. A later call waits again.</exception>
    public async Task StopAsync()
    {
        _core.Close();
        await _scope.StopAsync(_core.Options.StopLimit);
    }

    /// <summary>Pins what was applied so far. Dispose it: until then nothing that it can see is dropped.</summary>
    public LsmSnapshot TakeSnapshot()
    {
        _core.ThrowIfClosed();
        return new LsmSnapshot(_core);
    }

    /// <summary>A cursor over a range: as of the snapshot, or of now. Dispose it.</summary>
    public LsmCursor OpenCursor(LsmRange range, LsmSnapshot? at)
    {
        _core.ThrowIfClosed();
        at?.CheckOpen(_core);
        TreeState state = _core.HoldState(out ulong sequence);
        return new LsmCursor(_core, _shelf, _operations, state, at?.Sequence ?? sequence, range);
    }

    /// <summary>The tree's shape now and what it has done.</summary>
    public LsmStatistics Statistics
    {
        get
        {
            TreeState state = _core.State;
            var levels = new LsmLevel[state.Version.Levels.Length];
            for (int level = 0; level < levels.Length; level++)
            {
                long entries = 0;
                foreach (LsmTable table in state.Version.Levels[level])
                {
                    entries += table.Summary.Entries;
                }

                levels[level] = new LsmLevel(state.Version.Levels[level].Length, state.Version.BytesOf(level), entries);
            }

            long immutableBytes = 0;
            foreach (Memtable memtable in state.Immutable)
            {
                immutableBytes += memtable.Bytes;
            }

            return _core.Counters.AddTo(new LsmStatistics
            {
                Levels = levels,
                ActiveMemtableBytes = state.Active.Bytes,
                ImmutableMemtables = state.Immutable.Length,
                ImmutableMemtableBytes = immutableBytes,
                TablesToDelete = _core.UnusedCount(),
                Snapshots = _core.SnapshotCount(),
                CacheBytes = _shelf.Cache.Bytes,
                CacheHits = _shelf.Cache.Hits,
                CacheMisses = _shelf.Cache.Misses,
            });
        }
    }

    /// <summary>Reads all tables: checksums, order, counts, and that the manifest says the same. Writes go on.</summary>
    /// <exception cref="LsmClosedException">The tree is stopped.</exception>
    public async Task<LsmVerification> VerifyAsync(CancellationToken cancellationToken)
    {
        if (!_operations.TryEnter())
        {
            throw new LsmClosedException(_core.Options.Folder);
        }

        TreeState state = _core.HoldState(out _);
        try
        {
            return await TreeVerifier.VerifyAsync(_shelf, state.Version, cancellationToken);
        }
        finally
        {
            _core.Release(state.Version);
            _operations.Exit();
        }
    }

    private static int CountOf(TreeVersion version)
    {
        int count = 0;
        foreach (LsmTable[] level in version.Levels)
        {
            count += level.Length;
        }

        return count;
    }

    private void Start(ManifestWriter manifest)
    {
        var flush = new FlushWorker(_core, _shelf, manifest);
        ScopedTask[] workers = [_scope.Run("flush", flush.RunAsync), _scope.Run("compact", _compaction.RunAsync)];
        var keeper = new TreeKeeper(_core, _shelf, manifest, _operations, workers);
        _scope.Run("keep", keeper.RunAsync);
    }
}
