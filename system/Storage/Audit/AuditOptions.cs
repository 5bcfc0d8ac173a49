using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Audit;

/// <summary>Where an audit log lives, when its files change, and how long they stay.</summary>
public sealed record AuditOptions
{
    /// <summary>Folder of the log. Nothing else may use it.</summary>
    public string Directory { get; init; } = "audit";

    /// <summary>A file that would grow beyond this many bytes is closed and the next begun. A larger line has a file of its own. At least 1.</summary>
    public long FileBytesMax { get; init; } = 100L << 20;

    /// <summary>
    /// A file whose first line is further away than this, by the wall clock in either direction or by the time this process has written to it, is closed
    /// with the next append. Greater than zero.
    /// </summary>
    public TimeSpan FileAgeMax { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Whether closed files are compressed.</summary>
    public bool Compress { get; init; } = true;

    /// <summary>
    /// Files whose last line is older than this are removed, oldest first; never the newest file. Null keeps them for ever. Greater than zero.
    /// </summary>
    public TimeSpan? RetentionAge { get; init; } = TimeSpan.FromDays(365);

    /// <summary>
    /// The oldest files are removed while all files together are larger than this; never the newest file. Null for no limit. At least 1.
    /// </summary>
    public long? RetentionBytesMax { get; init; }

    /// <summary>How often retention looks, and failed compressions are tried again. Greater than zero.</summary>
    public TimeSpan MaintenanceInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// When the wall clock moves against the monotonic one by more than an hour, nothing is removed for its age until this much time has passed.
    /// Not negative.
    /// </summary>
    public TimeSpan ClockSettleTime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Largest line in bytes; a larger event is refused. 512 to 1 MiB.</summary>
    public int EventBytesMax { get; init; } = 64 << 10;

    /// <summary>Most bytes of lines that one flush makes durable. <see cref="EventBytesMax"/> to 16 MiB.</summary>
    public int BatchBytesMax { get; init; } = 1 << 20;

    /// <summary>Events that may wait for the disk before <see cref="AuditLog.AppendAsync"/> waits for room. At least 1.</summary>
    public int QueueLengthMax { get; init; } = 1024;

    /// <summary>Throws if a value is out of range.</summary>
    /// <exception cref="ArgumentException">Names the value and its range.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Directory);
        DiskPath.Check(Directory);
        ArgumentOutOfRangeException.ThrowIfLessThan(FileBytesMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(FileAgeMax, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RetentionAge ?? TimeSpan.MaxValue, TimeSpan.Zero, nameof(RetentionAge));
        ArgumentOutOfRangeException.ThrowIfLessThan(RetentionBytesMax ?? long.MaxValue, 1, nameof(RetentionBytesMax));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MaintenanceInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(ClockSettleTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(EventBytesMax, 512);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(EventBytesMax, AuditFormat.LineBytesMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchBytesMax, EventBytesMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchBytesMax, AuditFormat.BatchBytesMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueLengthMax, 1);
    }
}
