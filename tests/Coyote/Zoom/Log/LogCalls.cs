using SimGraph.Soak.FineLane.Zoom;
using SimGraph.Storage.Log;

namespace SimGraph.Coyote.Tests.Zoom.Log;

/// <summary>Makes options and batches of what a file says. Contents are made from the numbers of the calls, so that each entry can be told from every other.</summary>
internal static class LogCalls
{
    private const int BytesMax = 64 << 10;
    private const ulong PreparedMax = 256;
    private const int PreparedPerBatch = 16;

    internal static WriteAheadLogOptions OptionsOf(ZoomCall open)
    {
        var options = new WriteAheadLogOptions
        {
            SegmentBytesMax = open.ValueOf("segment-bytes"),
            RecordBytesMax = checked((int)open.ValueOf("record-bytes")),
            StateBytesMax = checked((int)open.ValueOf("state-bytes")),
            QueueBytesMax = checked((int)open.ValueOf("queue-bytes")),
            QueueLengthMax = checked((int)open.ValueOf("queue-length")),
            PreallocatedBytes = checked((int)open.ValueOf("preallocated-bytes")),
            CompressedBytesMin = checked((int)open.ValueOf("compressed-bytes")),
        };
        options.Validate();
        return options;
    }

    /// <summary>What a call appends; null if it appends nothing.</summary>
    internal static LogBatch? BatchOf(ZoomCall call) => call.Call switch
    {
        "append" => new LogBatch
        {
            State = call.ValuesOf("state") is [long bytes] ? Content(call.Number, 0, bytes) : (ReadOnlyMemory<byte>?)null,
            Start = call.ValuesOf("start") is [long index, long term] ? new LogPosition((ulong)index, (ulong)term) : null,
            Entries = EntriesOf(call),
        },
        "append-next" => new LogBatch { Entries = [new LogEntry(0, (ulong)call.ValueOf("terms"), LogEntryKind.Command, Content(call.Number, 1, call.ValueOf("bytes")))] },
        "truncate" or "stop" => null,
        _ => throw new FormatException($"call {call.Number}: a log cannot be asked to '{call.Call}'"),
    };

    /// <summary>The batches that bring an empty log where it stood when the calls begin, as far as they look back.</summary>
    internal static IReadOnlyList<LogBatch> Preparation(ZoomLife life)
    {
        if (life.Open.ValuesOf(ZoomCall.Position) is not [long startIndex, long startTerm, long lastIndex] || startIndex < 0 || lastIndex < startIndex)
        {
            throw life.Open.Bad(ZoomCall.Position, "the start's index and term, and the last index");
        }

        (ulong start, ulong last) = ((ulong)startIndex, (ulong)lastIndex);
        LogPosition[] starts = [.. life.Calls.Select(BatchOf).Where(static batch => batch?.Start is not null).Select(static batch => batch!.Start!.Value).OrderBy(static position => position.Index)];
        ulong seen = life.Calls.Where(static call => call.Call == "append").SelectMany(static call => call.ValuesOf("indexes").Concat(call.ValuesOf("start").Take(1)))
            .Select(static index => (ulong)index).Append(last + 1).Min();
        ulong first = Math.Max(Math.Max(start, Math.Min(seen, last + 1) - Math.Min(seen, 1)), last - Math.Min(last, PreparedMax));

        // Entries that a later start names have its term, as they nearly always had: a start of another term forgets all.
        ulong TermOf(ulong index) => Array.Find(starts, position => position.Index >= index) is { Index: > 0 } named ? named.Term : Math.Max(1, (ulong)startTerm);
        var batches = new List<LogBatch>();
        if (first > 0)
        {
            batches.Add(new LogBatch { Start = new LogPosition(first, first == start ? (ulong)startTerm : TermOf(first)) });
        }

        for (ulong index = first + 1; index <= last; index += PreparedPerBatch)
        {
            batches.Add(new LogBatch
            {
                Entries = [.. Enumerable.Range(0, (int)Math.Min(PreparedPerBatch, last + 1 - index)).Select(i => new LogEntry(index + (ulong)i, TermOf(index + (ulong)i), LogEntryKind.Command, Content(0, i, 8)))],
            });
        }

        return batches;
    }

    private static LogEntry[] EntriesOf(ZoomCall call)
    {
        IReadOnlyList<long> indexes = call.ValuesOf("indexes");
        IReadOnlyList<long> terms = call.ValuesOf("terms");
        IReadOnlyList<long> bytes = call.ValuesOf("bytes");
        if (terms.Count != indexes.Count || bytes.Count != indexes.Count)
        {
            throw call.Bad("indexes", "as many as 'terms' and 'bytes'");
        }

        return [.. indexes.Select((index, i) => new LogEntry((ulong)index, (ulong)terms[i], LogEntryKind.Command, Content(call.Number, i + 1, bytes[i])))];
    }

    private static byte[] Content(int number, int part, long bytes)
    {
        byte[] content = new byte[Math.Clamp(bytes, 0, BytesMax)];
        for (int i = 0; i < content.Length; i++)
        {
            content[i] = (byte)(i < 4 ? number >> (8 * i) : i < 8 ? part : i % 16);
        }

        return content;
    }
}
