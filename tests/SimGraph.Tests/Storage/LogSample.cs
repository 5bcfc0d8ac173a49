using System.Text;
using SimGraph.Storage.Log;

namespace SimGraph.Tests.Storage;

/// <summary>Entries and batches for tests.</summary>
internal static class LogSample
{
    /// <summary>Nothing preallocated: a file is as long as what was written.</summary>
    public static WriteAheadLogOptions NoZeros { get; } = new() { PreallocatedBytes = 0 };

    /// <summary>A segment of a few records.</summary>
    public static WriteAheadLogOptions SmallSegments { get; } = new() { SegmentBytesMax = 400, PreallocatedBytes = 0 };

    /// <summary>The same with zeros ahead of the end, and packed payloads where that pays.</summary>
    public static WriteAheadLogOptions SmallSegmentsOf(bool zeros) =>
        zeros ? new() { SegmentBytesMax = 600, PreallocatedBytes = 8192, CompressedBytesMin = 16 } : SmallSegments;

    public static LogEntry Entry(ulong index, ulong term = 1, string? payload = null) =>
        new(index, term, LogEntryKind.Command, Encoding.UTF8.GetBytes(payload ?? $"payload of {index} in {term}"));

    public static LogEntry[] Entries(ulong first, ulong last, ulong term = 1) =>
        [.. Enumerable.Range(0, (int)(last - first + 1)).Select(i => Entry(first + (ulong)i, term))];

    public static LogBatch Batch(string? state = null, LogPosition? start = null, params LogEntry[] entries) => new()
    {
        State = state is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(state),
        Start = start,
        Entries = entries,
    };

    /// <summary>
    /// A life of a log: states, appends, overwrites of a divergent suffix, a start that keeps entries, one that forgets all, growth in between. With
    /// <see cref="SmallSegments"/> it covers several segments.
    /// </summary>
    public static IReadOnlyList<LogBatch> Life { get; } =
    [
        Batch("term 1"),
        Batch(null, null, Entries(1, 3)),
        Batch("term 2", null, Entries(4, 6, 2)),
        Batch(null, null, Entries(3, 5, 3)),
        Batch(null, new LogPosition(3, 3)),
        Batch("term 3", null, Entries(6, 7, 3)),
        Batch(null, null, Entry(8, 3, new string('x', 300))),
        Batch(null, new LogPosition(8, 3), Entries(9, 9, 3)),
        Batch(null, new LogPosition(20, 4), Entries(21, 22, 4)),
        Batch("term 4", null, Entries(22, 24, 5)),
    ];
}
