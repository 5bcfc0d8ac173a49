using SimGraph.Runtime.Probes;

namespace SimGraph.Storage.Log;

/// <summary>A log and its calls as numbers, for who listens to what it is asked.</summary>
internal static class LogInput
{
    public static InputArgument[] Of(WriteAheadLogOptions options, LogRecovery recovered, LogExtent extent) =>
    [
        new("segment-bytes", [options.SegmentBytesMax]),
        new("record-bytes", [options.RecordBytesMax]),
        new("state-bytes", [options.StateBytesMax]),
        new("queue-bytes", [options.QueueBytesMax]),
        new("queue-length", [options.QueueLengthMax]),
        new("preallocated-bytes", [options.PreallocatedBytes]),
        new("compressed-bytes", [options.CompressedBytesMin]),
        new("state", recovered.State is { } state ? [state.Length] : []),
        new("entries", [recovered.Entries.Count]),
        PositionOf(extent),
    ];

    public static InputArgument[] Of(LogBatch batch, LogExtent extent)
    {
        var arguments = new List<InputArgument>();
        if (batch.State is { } state)
        {
            arguments.Add(new InputArgument("state", [state.Length]));
        }

        if (batch.Start is { } start)
        {
            arguments.Add(new InputArgument("start", [(long)start.Index, (long)start.Term]));
        }

        if (batch.Entries.Count > 0)
        {
            arguments.Add(new InputArgument("indexes", [.. batch.Entries.Select(static entry => (long)entry.Index)]));
            arguments.Add(new InputArgument("terms", [.. batch.Entries.Select(static entry => (long)entry.Term)]));
            arguments.Add(new InputArgument("bytes", [.. batch.Entries.Select(static entry => (long)entry.Payload.Length)]));
        }

        arguments.Add(PositionOf(extent));
        return [.. arguments];
    }

    public static InputArgument[] Of(ulong term, int bytes, LogExtent extent) => [new("terms", [(long)term]), new("bytes", [bytes]), PositionOf(extent)];

    public static InputArgument[] Of(ulong index, LogExtent extent) => [new("indexes", [(long)index]), PositionOf(extent)];

    /// <summary>Where the log begins and ends when the call has been taken.</summary>
    public static InputArgument PositionOf(LogExtent extent) => new("position", [(long)extent.Start.Index, (long)extent.Start.Term, (long)extent.Last]);
}
