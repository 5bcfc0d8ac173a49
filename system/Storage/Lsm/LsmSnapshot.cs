using SimGraph.Storage.Lsm.Tree;

namespace SimGraph.Storage.Lsm;

/// <summary>The tree as of one sequence, for as long as it is not disposed: compaction keeps what it can see. Thread-safe.</summary>
public sealed class LsmSnapshot : IDisposable
{
    private readonly TreeCore _core;
    private int _disposed;

    internal LsmSnapshot(TreeCore core)
    {
        _core = core;
        Sequence = core.AddSnapshot();
    }

    /// <summary>Everything up to this sequence is in it, and nothing behind it.</summary>
    public ulong Sequence { get; }

    /// <summary>Lets it go. Idempotent; cursors that were opened with it stay as they are.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _core.RemoveSnapshot(Sequence);
        }
    }

    internal void CheckOpen(TreeCore core)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (!ReferenceEquals(core, _core))
        {
            throw new ArgumentException("the snapshot belongs to another tree");
        }
    }
}
