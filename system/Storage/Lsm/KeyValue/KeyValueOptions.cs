using SimGraph.Storage.Log;

namespace SimGraph.Storage.Lsm;

/// <summary>Where a key-value store lives, and its limits.</summary>
public sealed record KeyValueOptions
{
    /// <summary>The tree.</summary>
    public LsmOptions Tree { get; init; } = new();

    /// <summary>The log. Its folder must not be that of the tree.</summary>
    public WriteAheadLogOptions Log { get; init; } = new();

    /// <summary>Writes that may wait for the disk before others wait for room, at least 1. Default 4096.</summary>
    public int QueueLengthMax { get; init; } = 4096;

    /// <summary>Writes are put together into one log entry of at most this many bytes, at least 1 KiB; a larger one has an entry of its own. Default 4 MiB.</summary>
    public int GroupBytesMax { get; init; } = 4 << 20;

    /// <summary>Throws if a value is out of range.</summary>
    /// <exception cref="ArgumentException">Names the value and its range.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Tree);
        ArgumentNullException.ThrowIfNull(Log);
        Tree.Validate();
        Log.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueLengthMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(GroupBytesMax, 1 << 10);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(GroupBytesMax, Log.RecordBytesMax);
        ArgumentOutOfRangeException.ThrowIfEqual(Log.Directory, Tree.Folder);
    }
}
