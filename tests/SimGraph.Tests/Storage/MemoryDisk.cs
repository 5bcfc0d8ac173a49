// A disk in memory that keeps, beside what a reader sees, what power loss would leave. Every call counts; one of them can be made to fail, or to
// be the last of the machine. A failed flush behaves as Linux does: what was to be flushed stays visible, is not durable, and a
// later flush does not make it so.

using SimGraph.Runtime.Disk;

namespace SimGraph.Tests.Storage;

/// <summary>An <see cref="IDisk"/> with a volatile and a durable image. Thread-safe.</summary>
internal sealed class MemoryDisk : IDisk
{
    private const int SectorBytes = 16;
    private readonly object _gate = new();
    private readonly SortedDictionary<string, MemoryInode> _names = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, MemoryInode> _durableNames = new(StringComparer.Ordinal);
    private readonly List<Action<SortedDictionary<string, MemoryInode>>> _pendingNames = [];

    /// <summary>Calls made so far.</summary>
    public long Calls { get; private set; }

    public long Writes { get; private set; }

    public long Flushes { get; private set; }

    public int OpenFiles { get; private set; }

    /// <summary>Number of the call (from 1) that fails once; 0 for none.</summary>
    public long FailAt { get; set; }

    /// <summary>What the call at <see cref="FailAt"/> fails with.</summary>
    public DiskError FailsWith { get; set; } = DiskError.InputOutput;

    /// <summary>Number of the call (from 1) at which the machine dies: it and all later ones fail; 0 for never.</summary>
    public long DieAt { get; set; }

    /// <summary>Whether the call at <see cref="DieAt"/> still has its effect.</summary>
    public bool DieAfterEffect { get; set; }

    /// <summary>If set, a file flush waits for it.</summary>
    public TaskCompletionSource? FlushGate { get; set; }

    /// <summary>Set when a flush waits at the gate.</summary>
    public TaskCompletionSource FlushEntered { get; set; } = NewSignal();

    public static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static MemoryDisk Holding(string path, byte[] bytes)
    {
        var disk = new MemoryDisk();
        disk.Put(path, bytes);
        return disk;
    }

    public IReadOnlyList<string> Paths
    {
        get
        {
            lock (_gate)
            {
                return [.. _names.Keys];
            }
        }
    }

    public byte[] Get(string path)
    {
        lock (_gate)
        {
            return [.. _names[path].Bytes];
        }
    }

    /// <summary>Puts a durable file.</summary>
    public void Put(string path, byte[] bytes)
    {
        lock (_gate)
        {
            _names[path] = _durableNames[path] = new MemoryInode(bytes);
        }
    }

    public void Remove(string path)
    {
        lock (_gate)
        {
            _names.Remove(path);
            _durableNames.Remove(path);
        }
    }

    /// <summary>A copy of what is visible now, all of it durable.</summary>
    public MemoryDisk Copy()
    {
        var copy = new MemoryDisk();
        foreach (string path in Paths)
        {
            copy.Put(path, Get(path));
        }

        return copy;
    }

    /// <summary>A new process on the same machine: faults are over, the page cache is still there.</summary>
    public MemoryDisk RestartProcess()
    {
        lock (_gate)
        {
            FailAt = DieAt = 0;
            OpenFiles = 0;
            return this;
        }
    }

    /// <summary>What a machine finds after power loss. <paramref name="keeps"/> decides for each unflushed sector, length and name.</summary>
    public MemoryDisk LosePower(Func<bool> keeps)
    {
        lock (_gate)
        {
            var names = new SortedDictionary<string, MemoryInode>(_durableNames, StringComparer.Ordinal);
            foreach (Action<SortedDictionary<string, MemoryInode>> pending in _pendingNames)
            {
                if (keeps())
                {
                    pending(names);
                }
            }

            var left = new MemoryDisk();
            foreach ((string path, MemoryInode inode) in names)
            {
                left.Put(path, inode.AfterPowerLoss(keeps, SectorBytes));
            }

            return left;
        }
    }

    /// <summary>Power loss in which of each unflushed write just the first <paramref name="bytes"/> bytes reached the disk.</summary>
    public MemoryDisk LosePowerKeepingPrefix(int bytes)
    {
        lock (_gate)
        {
            var left = new MemoryDisk();
            foreach ((string path, MemoryInode inode) in _names)
            {
                left.Put(path, inode.WithPrefixOfWrites(bytes));
            }

            return left;
        }
    }

    public ValueTask<IFile> OpenAsync(string path, FileOpenMode mode, CancellationToken cancellationToken)
    {
        DiskPath.Check(path);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult<IFile>(Perform(path, () =>
            {
                bool exists = _names.TryGetValue(path, out MemoryInode? inode);
                if (exists && mode == FileOpenMode.CreateNew)
                {
                    throw new DiskException(DiskError.AlreadyExists, path, "exists");
                }

                if (!exists)
                {
                    MemoryInode created = inode = mode == FileOpenMode.Existing
                        ? throw new DiskException(DiskError.NotFound, path, "not found")
                        : new MemoryInode([]);
                    ChangeNames(names => names[path] = created);
                }

                OpenFiles++;
                return new MemoryFile(this, path, inode!);
            }));
        }
    }

    public ValueTask<bool> ExistsAsync(string path, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(Perform(path, () => _names.ContainsKey(path)));
        }
    }

    public ValueTask RenameAsync(string source, string target, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Perform(source, () => ChangeNames(names =>
            {
                if (names.Remove(source, out MemoryInode? inode))
                {
                    names[target] = inode;
                }
            }));
            return ValueTask.CompletedTask;
        }
    }

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Perform(path, () => ChangeNames(names => names.Remove(path)));
            return ValueTask.CompletedTask;
        }
    }

    public ValueTask<IReadOnlyList<string>> ListAsync(string directory, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<string>>(Perform(directory, () =>
                _names.Keys.Where(path => DiskPath.DirectoryOf(path) == directory).Select(DiskPath.NameOf).ToArray()));
        }
    }

    public ValueTask CreateDirectoryAsync(string directory, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Perform(directory, () => { });
            return ValueTask.CompletedTask;
        }
    }

    public ValueTask FlushDirectoryAsync(string directory, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Perform(directory, () =>
            {
                foreach (Action<SortedDictionary<string, MemoryInode>> pending in _pendingNames)
                {
                    pending(_durableNames);
                }

                _pendingNames.Clear();
            });
            return ValueTask.CompletedTask;
        }
    }

    internal async ValueTask FlushAsync(string path, MemoryInode inode)
    {
        if (FlushGate is { } gate)
        {
            FlushEntered.TrySetResult();
            await gate.Task;
        }

        lock (_gate)
        {
            Flushes++;
            Perform(path, inode.Flush, inode.LosePendingSilently);
        }
    }

    internal void Write(string path, MemoryInode inode, long offset, ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            Writes++;
            Perform(path, () => inode.Write(offset, bytes.ToArray()), () => inode.Write(offset, bytes[..(bytes.Length / 2)].ToArray()));
        }
    }

    internal void SetLength(string path, MemoryInode inode, long length)
    {
        lock (_gate)
        {
            Perform(path, () => inode.SetLength(length));
        }
    }

    internal int Read(string path, MemoryInode inode, long offset, Memory<byte> buffer)
    {
        lock (_gate)
        {
            return Perform(path, () =>
            {
                int count = (int)Math.Clamp(inode.Bytes.Length - offset, 0, buffer.Length);
                inode.Bytes.AsSpan((int)Math.Min(offset, inode.Bytes.Length), count).CopyTo(buffer.Span);
                return count;
            });
        }
    }

    internal void Closed()
    {
        lock (_gate)
        {
            OpenFiles--;
        }
    }

    private void ChangeNames(Action<SortedDictionary<string, MemoryInode>> change)
    {
        change(_names);
        _pendingNames.Add(change);
    }

    private void Perform(string path, Action effect, Action? failedEffect = null) =>
        Perform(path, () =>
        {
            effect();
            return true;
        }, failedEffect);

    private T Perform<T>(string path, Func<T> effect, Action? failedEffect = null)
    {
        Calls++;
        if (DieAt > 0 && Calls >= DieAt)
        {
            if (Calls == DieAt && DieAfterEffect && effect() is MemoryFile)
            {
                // Nobody will ever hold it.
                OpenFiles--;
            }

            throw new DiskException(DiskError.InputOutput, path, "the machine is dead");
        }

        if (Calls == FailAt)
        {
            failedEffect?.Invoke();
            throw new DiskException(FailsWith, path, "injected failure");
        }

        return effect();
    }
}
