// What all parts of a tree share: the present state, sequences, snapshots, the condition they wait on, and whether it is stopped or has failed.
//
// Concurrency: State and the sequences are read without locks. Changes of State, snapshots and references to versions are made under one lock,
// in which nothing is called out to and nothing else is locked. A writer and a rotation exclude each other by a second lock, which is always
// taken before the first one.
//
// How a reader without a snapshot gets a consistent pair of state and sequence: it reads the state, then the sequence, then the state again. If the
// state is still the same, it held everything up to that sequence when the sequence was read, and no compaction has dropped what it can see.

using Microsoft.Extensions.Logging;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Storage.Lsm.Memtables;
using SimGraph.Storage.Lsm.Versions;

namespace SimGraph.Storage.Lsm.Tree;

/// <summary>Shared state of a tree. Thread-safe.</summary>
internal sealed class TreeCore
{
    /// <summary>Adding a range tombstone costs time in proportion to their number, so a memtable is closed early when it has many.</summary>
    private const int RangeTombstonesMax = 1024;

    private readonly object _gate = new();
    private readonly object _writeGate = new();
    private readonly SortedDictionary<ulong, int> _snapshots = [];
    private readonly Queue<LsmTable> _unused = new();
    private TreeState _state;
    private ulong _lastSequence;
    private ulong _durableSequence;
    private ulong _replacedAt;
    private long _nextNumber;
    private LsmException? _failure;
    private string? _flushTrouble;
    private string? _compactionTrouble;
    private bool _closed;

    public TreeCore(IPlatform platform, LsmOptions options, ILogger logger, RecoveredManifest recovered)
    {
        Platform = platform;
        Options = options;
        Logger = logger;
        _state = new TreeState(new Memtable(), [], recovered.Version);
        Hold(recovered.Version);
        _lastSequence = _durableSequence = recovered.DurableSequence;
        _nextNumber = (long)recovered.NextNumber;
        Counters = new TreeCounters();
    }

    public IPlatform Platform { get; }

    public LsmOptions Options { get; }

    public ILogger Logger { get; }

    public TreeCounters Counters { get; }

    /// <summary>Held while the folder is flushed.</summary>
    public AsyncLock FolderTurn { get; } = new();

    /// <summary>Raised after each change of state, failure or stop.</summary>
    public ChangeSignal Changes { get; } = new();

    public TreeState State => Volatile.Read(ref _state);

    /// <summary>Sequence of the last batch that is visible.</summary>
    public ulong LastSequence => Volatile.Read(ref _lastSequence);

    /// <summary>Tables hold everything up to it.</summary>
    public ulong DurableSequence => Volatile.Read(ref _durableSequence);

    /// <summary>Sequence of the last replacement of the whole content; snapshots from before it see nothing any more. 0 if there was none.</summary>
    public ulong ReplacedAt => Volatile.Read(ref _replacedAt);

    public bool IsClosed => Volatile.Read(ref _closed);

    /// <summary>Why nothing more is accepted; null while the tree works.</summary>
    public LsmException? Failure => Volatile.Read(ref _failure);

    /// <summary>The first file number that is unused.</summary>
    public ulong NextNumber => (ulong)Interlocked.Read(ref _nextNumber);

    /// <summary>A file number that nobody else gets, now or after a restart.</summary>
    public ulong TakeNumber() => (ulong)(Interlocked.Increment(ref _nextNumber) - 1);

    public void ThrowIfClosed()
    {
        if (IsClosed)
        {
            throw new LsmClosedException(Options.Folder);
        }
    }

    public void ThrowIfNotWritable()
    {
        ThrowIfClosed();
        if (Failure is { } failure)
        {
            throw new LsmFailedException(failure.Message, failure.InnerException);
        }
    }

    /// <summary>Nothing is accepted any more. Idempotent.</summary>
    public void Close()
    {
        Volatile.Write(ref _closed, true);
        Changes.Raise();
    }

    /// <summary>What the disk holds is unknown: nothing is accepted any more.</summary>
    public LsmFailedException Fail(Exception cause)
    {
        var failure = new LsmFailedException(
            $"the tree in '{Options.Folder}' failed ({cause.Message}); what is durable is unknown: stop the process and start it again", cause);
        lock (_gate)
        {
            _failure ??= failure;
        }

        Platform.Probes.Reachable("lsm.poisoned");
        LsmEvents.LogPoisoned(Logger, cause, Options.Folder);
        Changes.Raise();
        return failure;
    }

    /// <summary>Why flushes do not get on; null while they do.</summary>
    public string? FlushTrouble => Volatile.Read(ref _flushTrouble);

    /// <summary>Notes why flushes do not get on; null when they do again.</summary>
    public void NoteFlushTrouble(string? reason) => Volatile.Write(ref _flushTrouble, reason);

    /// <summary>Notes why compactions do not get on; null when they do again.</summary>
    public void NoteCompactionTrouble(string? reason) => Volatile.Write(ref _compactionTrouble, reason);

    /// <summary>Why there is no room; null if there is room for a batch of this size without closing the memtable or after having closed it.</summary>
    public string? TryMakeRoom(long batchBytes)
    {
        TreeState state = State;
        if (!NeedsRotation(state.Active, batchBytes))
        {
            return null;
        }

        lock (_writeGate)
        {
            state = State;
            if (!NeedsRotation(state.Active, batchBytes))
            {
                return null;
            }

            if (state.Version.Levels[0].Length >= Options.LevelZeroStallTables)
            {
                return $"{state.Version.Levels[0].Length} tables of level 0 wait for compaction{Because(Volatile.Read(ref _compactionTrouble))}";
            }

            if (state.Immutable.Length >= Options.ImmutableMemtablesMax)
            {
                return $"{state.Immutable.Length} memtables wait for their flush{Because(Volatile.Read(ref _flushTrouble))}";
            }

            Rotate();
        }

        Changes.Raise();
        return null;
    }

    /// <summary>Closes the active memtable if something that is to be flushed is in it and there is room for another closed one.</summary>
    public void RotateFor(ulong sequence)
    {
        lock (_writeGate)
        {
            TreeState state = State;
            ulong first = state.Immutable.Length > 0 ? state.Immutable[0].LastSequence : DurableSequence;
            if (first >= sequence || state.Active.LastSequence == 0 || state.Immutable.Length >= Options.ImmutableMemtablesMax)
            {
                return;
            }

            Rotate();
        }

        Changes.Raise();
    }

    /// <summary>Inserts a batch and makes it visible as a whole. One caller at a time.</summary>
    public void Insert(WriteBatch batch, ulong sequence)
    {
        lock (_writeGate)
        {
            State.Active.Apply(batch, sequence);
            Volatile.Write(ref _lastSequence, sequence);
        }
    }

    /// <summary>A state and a sequence that belong together.</summary>
    public TreeState ReadState(out ulong sequence)
    {
        while (true)
        {
            TreeState state = State;
            sequence = LastSequence;
            if (ReferenceEquals(state, State))
            {
                return state;
            }
        }
    }

    /// <summary>The same, with the version held; release it.</summary>
    public TreeState HoldState(out ulong sequence)
    {
        lock (_gate)
        {
            sequence = LastSequence;
            Hold(_state.Version);
            return _state;
        }
    }

    /// <summary>Lets a version go that was held.</summary>
    public void Release(TreeVersion version)
    {
        lock (_gate)
        {
            ReleaseLocked(version);
        }

        Changes.Raise();
    }

    public ulong AddSnapshot()
    {
        lock (_gate)
        {
            ulong sequence = LastSequence;
            _snapshots[sequence] = _snapshots.GetValueOrDefault(sequence) + 1;
            return sequence;
        }
    }

    public void RemoveSnapshot(ulong sequence)
    {
        lock (_gate)
        {
            int count = _snapshots[sequence];
            if (count == 1)
            {
                _snapshots.Remove(sequence);
            }
            else
            {
                _snapshots[sequence] = count - 1;
            }
        }
    }

    /// <summary>Sequences of the open snapshots, ascending.</summary>
    public ulong[] Snapshots()
    {
        lock (_gate)
        {
            return [.. _snapshots.Keys];
        }
    }

    /// <summary>Takes over a version that is durable in the manifest; with a memtable, that one is flushed now.</summary>
    public void Publish(TreeVersion version, Memtable? flushed, ulong durableSequence)
    {
        lock (_gate)
        {
            TreeState before = _state;
            Memtable[] immutable = flushed is null ? before.Immutable : [.. before.Immutable.Where(memtable => !ReferenceEquals(memtable, flushed))];
            Hold(version);
            Volatile.Write(ref _state, new TreeState(before.Active, immutable, version));
            Volatile.Write(ref _durableSequence, durableSequence);
            ReleaseLocked(before.Version);
        }

        Changes.Raise();
    }

    /// <summary>Takes over a version, durable in the manifest, that is the whole content from now on.</summary>
    public void PublishReplaced(TreeVersion version, ulong sequence)
    {
        lock (_writeGate)
        {
            lock (_gate)
            {
                TreeState before = _state;
                Hold(version);

                // A reader that still sees the old state sees all of it at the new sequence; the other way round it would see nothing.
                Volatile.Write(ref _lastSequence, sequence);
                Volatile.Write(ref _durableSequence, sequence);
                Volatile.Write(ref _replacedAt, sequence);
                Volatile.Write(ref _state, new TreeState(new Memtable(), [], version));
                ReleaseLocked(before.Version);
            }
        }

        Changes.Raise();
    }

    /// <summary>A table that no version refers to any more.</summary>
    public bool TryTakeUnused(out LsmTable? table)
    {
        lock (_gate)
        {
            return _unused.TryDequeue(out table);
        }
    }

    /// <summary>Puts one back that is still being read.</summary>
    public void PutBackUnused(LsmTable table)
    {
        lock (_gate)
        {
            _unused.Enqueue(table);
        }
    }

    public int UnusedCount()
    {
        lock (_gate)
        {
            return _unused.Count;
        }
    }

    public int SnapshotCount()
    {
        lock (_gate)
        {
            return _snapshots.Count;
        }
    }

    private static string Because(string? trouble) => trouble is null ? string.Empty : $" ({trouble})";

    private bool NeedsRotation(Memtable active, long batchBytes) =>
        active.LastSequence > 0
        && (active.Bytes + batchBytes > Options.MemtableBytes
            || active.Tombstones.Count >= RangeTombstonesMax
            || (active.Bytes > Options.MemtableBytes / 4 && Platform.Probes.Buggify("lsm.rotate-early")));

    // Under the write lock: nobody inserts.
    private void Rotate()
    {
        lock (_gate)
        {
            Volatile.Write(ref _state, new TreeState(new Memtable(), [_state.Active, .. _state.Immutable], _state.Version));
        }
    }

    private void Hold(TreeVersion version)
    {
        if (version.References++ > 0)
        {
            return;
        }

        foreach (LsmTable[] level in version.Levels)
        {
            foreach (LsmTable table in level)
            {
                table.Versions++;
            }
        }
    }

    private void ReleaseLocked(TreeVersion version)
    {
        if (--version.References > 0)
        {
            return;
        }

        foreach (LsmTable[] level in version.Levels)
        {
            foreach (LsmTable table in level)
            {
                if (--table.Versions == 0)
                {
                    _unused.Enqueue(table);
                }
            }
        }
    }
}
