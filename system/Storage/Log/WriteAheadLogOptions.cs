namespace SimGraph.Storage.Log;

/// <summary>Where a write-ahead log lives, and its limits.</summary>
public sealed record WriteAheadLogOptions
{
    /// <summary>Folder of the segments. Nothing else may use it for files named <c>wal-*.log</c>.</summary>
    public string Directory { get; init; } = "wal";

    /// <summary>
    /// A segment that would grow beyond this many bytes is closed and the next begun. One batch that is larger has a segment of its own. At least 64.
    /// </summary>
    public long SegmentBytesMax { get; init; } = 64L << 20;

    /// <summary>Largest payload of one entry in bytes, 1 to 1 GiB. A larger one is refused on append, and when met on open.</summary>
    public int RecordBytesMax { get; init; } = 16 << 20;

    /// <summary>Largest <see cref="LogBatch.State"/> in bytes; it is copied into the head of each segment. 1 to <see cref="RecordBytesMax"/>.</summary>
    public int StateBytesMax { get; init; } = 4 << 10;

    /// <summary>
    /// Bytes of batches that may wait for the disk before <see cref="WriteAheadLog.AppendAsync"/> waits for room. One larger batch waits alone.
    /// At least 1.
    /// </summary>
    public int QueueBytesMax { get; init; } = 16 << 20;

    /// <summary>Batches that may wait for the disk before <see cref="WriteAheadLog.AppendAsync"/> waits for room. At least 1.</summary>
    public int QueueLengthMax { get; init; } = 4096;

    /// <summary>
    /// Zeros that are written ahead of the log's end, so that the flush of a small batch has no new blocks or lengths to record. They are written again
    /// when they are used up, and never beyond <see cref="SegmentBytesMax"/>. 0 for none.
    /// </summary>
    public int PreallocatedBytes { get; init; } = 256 << 10;

    /// <summary>
    /// Payloads of entries of at least this many bytes are stored compressed (LZ4) where that saves an eighth or more. 0 for never, the default: on a disk
    /// as fast as the processor compresses, it gains nothing.
    /// </summary>
    public int CompressedBytesMin { get; init; }

    /// <summary>How long <see cref="WriteAheadLog.StopAsync"/> waits for a disk that does not answer. Positive; shorter than its owner waits.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Throws if a value is out of range.</summary>
    /// <exception cref="ArgumentException">Names the value and its range.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Directory);
        Runtime.Disk.DiskPath.Check(Directory);
        ArgumentOutOfRangeException.ThrowIfLessThan(SegmentBytesMax, 64);
        ArgumentOutOfRangeException.ThrowIfLessThan(RecordBytesMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(RecordBytesMax, 1 << 30);
        ArgumentOutOfRangeException.ThrowIfLessThan(StateBytesMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(StateBytesMax, RecordBytesMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueBytesMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueLengthMax, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(PreallocatedBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(CompressedBytesMin);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(StopLimit, TimeSpan.Zero);
    }
}
