using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Snapshots;

/// <summary>Where snapshots live, and their limit.</summary>
public sealed record SnapshotStoreOptions
{
    /// <summary>Folder of the snapshots. Nothing else may use it for files named <c>snapshot-*</c>.</summary>
    public string Directory { get; init; } = "snapshots";

    /// <summary>Largest snapshot in bytes, 1 to 2,147,483,591 (the largest array). A larger one is refused on save, and when met on open.</summary>
    public int SnapshotBytesMax { get; init; } = 1 << 30;

    /// <summary>Throws if a value is out of range.</summary>
    /// <exception cref="ArgumentException">Names the value and its range.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Directory);
        DiskPath.Check(Directory);
        ArgumentOutOfRangeException.ThrowIfLessThan(SnapshotBytesMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SnapshotBytesMax, Array.MaxLength);
    }
}
