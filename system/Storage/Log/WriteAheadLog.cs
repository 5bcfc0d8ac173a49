// The write-ahead log of one machine: consensus' state, the log's start and its entries, durable before anyone is answered.
//
// Structure: AppendQueue (callers' side) -> LogFlusher (one task) -> SegmentWriter. Recovery is LogRecoverer -> SegmentReader -> LogReplay.
// The format stands in docs/formats.md. Group commit after the usual scheme (one write and one fsync for everything that queued up
// meanwhile); suffix truncation is append-only: an entry overwrites by index, so no crash can lose what it should keep.
//
// Faults: see LogRecoverer (crash, torn tail, bit rot) and LogFlusher (failing disk). A full disk is a failing disk.

using Microsoft.Extensions.Logging;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Probes;
using SimGraph.Runtime.Tasks;

namespace SimGraph.Storage.Log;

/// <summary>A segmented, checksummed log with group commit. Thread-safe.</summary>
public sealed class WriteAheadLog
{
    private const long BatchBytesMax = 1L << 30;
    private readonly WriteAheadLogOptions _options;
    private readonly AppendQueue _queue;
    private readonly TaskScope _scope;
    private readonly IInputLog? _inputs;

    private WriteAheadLog(WriteAheadLogOptions options, AppendQueue queue, TaskScope scope, LogRecovery recovered, IInputLog? inputs)
    {
        _options = options;
        _queue = queue;
        _scope = scope;
        _inputs = inputs;
        Recovered = recovered;
        inputs?.Asked("open", null, LogInput.Of(options, recovered, queue.Extent));
    }

    /// <summary>What the log held when it was opened.</summary>
    public LogRecovery Recovered { get; private set; }

    /// <summary>Opens the log, or creates an empty one. Its flusher runs until <see cref="StopAsync"/>, or until the owner stops.</summary>
    /// <exception cref="LogCorruptException">Durable bytes are damaged or missing; nothing was changed.</exception>
    /// <exception cref="WriteAheadLogException">The disk failed.</exception>
    public static async Task<WriteAheadLog> OpenAsync(
        IPlatform platform, TaskScope owner, WriteAheadLogOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        ILogger logger = platform.Logging.CreateLogger("SimGraph.Storage.Log");
        RecoveredLog recovered = await RecoverAsync(platform, options, logger, cancellationToken);
        try
        {
            LogReplay replay = recovered.Replay;
            var recovery = new LogRecovery
            {
                State = replay.State is { } state ? new ReadOnlyMemory<byte>(state) : (ReadOnlyMemory<byte>?)null,
                Start = replay.Start,
                Entries = replay.Entries,
                BytesCut = recovered.BytesCut,
            };
            WriteAheadLogEvents.LogOpened(
                logger, options.Directory, replay.Segments.Count, replay.Start.Index, replay.Entries.Count, recovered.BytesCut);
            var queue = new AppendQueue(options, new LogShape(replay.Start, replay.Entries));
            var flusher = new LogFlusher(platform, options, queue, recovered, logger);
            TaskScope scope = owner.CreateChild("wal");
            scope.Run("flush", flusher.RunAsync);
            return new WriteAheadLog(options, queue, scope, recovery, platform.Probes.OpenInputLog("wal", options.Directory));
        }
        catch
        {
            await recovered.Segment.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Appends a batch; the task ends when it is durable. The order of the calls is the order of the log. The batch is judged when it is accepted.
    /// Cancellation ends only the wait for room in the queue: once accepted, the batch will be written, and the task tells the outcome.
    /// </summary>
    /// <exception cref="ArgumentException">The batch cannot follow what is there, or is too large. It was not taken; the log goes on.</exception>
    /// <exception cref="WriteAheadLogException">The disk failed, now or before: whether the batch is durable is unknown.</exception>
    /// <exception cref="LogClosedException">The log is stopped; the batch was not taken.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the batch was accepted; it was not taken.</exception>
    public Task AppendAsync(LogBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        long bytes = RecordEncoder.BytesOf(batch);
        Task append = SizeRefusal(batch, bytes) is { } refusal
            ? Task.FromException(new ArgumentException(refusal, nameof(batch)))
            : _queue.PostAsync(new PendingAppend(batch, (int)bytes), cancellationToken);
        _inputs?.Asked("append", append, LogInput.Of(batch, _queue.Extent));
        return append;
    }

    /// <summary>
    /// Appends one entry behind the last; the task ends when it is durable, with the index that the entry was given. For a log whose indexes mean nothing
    /// to its callers. Everything else as for <see cref="AppendAsync"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The payload is too large. It was not taken; the log goes on.</exception>
    /// <exception cref="WriteAheadLogException">The disk failed, now or before: whether the entry is durable is unknown.</exception>
    /// <exception cref="LogClosedException">The log is stopped; the entry was not taken.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the entry was accepted; it was not taken.</exception>
    public Task<ulong> AppendNextAsync(ulong term, LogEntryKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        Task<ulong> append = payload.Length > _options.RecordBytesMax
            ? Task.FromException<ulong>(new ArgumentException(
                $"a payload of {payload.Length} bytes is larger than the limit of {_options.RecordBytesMax} (RecordBytesMax)", nameof(payload)))
            : _queue.PostAsync(new PendingAppend(new LogEntry(0, term, kind, payload)), cancellationToken);
        _inputs?.Asked("append-next", append, LogInput.Of(term, payload.Length, _queue.Extent));
        return append;
    }

    /// <summary>
    /// Deletes the oldest segments that hold no entry behind <paramref name="index"/>. The segment being written stays, and so does everything
    /// behind the newest <see cref="LogBatch.Start"/>: append that first. Cancellation as for <see cref="AppendAsync"/>.
    /// </summary>
    /// <exception cref="WriteAheadLogException">The disk failed, now or before.</exception>
    /// <exception cref="LogClosedException">The log is stopped; nothing was deleted.</exception>
    public Task TruncatePrefixAsync(ulong index, CancellationToken cancellationToken)
    {
        Task truncation = _queue.PostAsync(new PendingAppend(index), cancellationToken);
        _inputs?.Asked("truncate", truncation, LogInput.Of(index, _queue.Extent));
        return truncation;
    }

    /// <summary>Lets go of the recovered entries, which would otherwise stay in memory as long as the log.</summary>
    public void ReleaseRecovered() => Recovered = Recovered with { State = null, Entries = [] };

    /// <summary>Refuses new appends, flushes what was accepted, ends the flusher and closes the files. Idempotent.</summary>
    /// <exception cref="StopTimeoutException">
    /// The disk did not answer within <see cref="WriteAheadLogOptions.StopLimit"/>. A later call waits again.
    /// </exception>
    public Task StopAsync()
    {
        Task stop = CloseAsync();
        _inputs?.Asked("stop", stop, LogInput.PositionOf(_queue.Extent));
        return stop;
    }

    private async Task CloseAsync()
    {
        _queue.Close();
        await _scope.StopAsync(_options.StopLimit);
    }

    private static async Task<RecoveredLog> RecoverAsync(
        IPlatform platform, WriteAheadLogOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            return await new LogRecoverer(platform.Disk, platform.Probes, options, logger).RecoverAsync(cancellationToken);
        }
        catch (DiskException exception)
        {
            throw new WriteAheadLogException($"the write-ahead log in '{options.Directory}' cannot be opened: {exception.Message}", exception);
        }
    }

    private string? SizeRefusal(LogBatch batch, long bytes)
    {
        if (batch.State is { } state && state.Length > _options.StateBytesMax)
        {
            return $"a state of {state.Length} bytes is larger than the limit of {_options.StateBytesMax} (StateBytesMax)";
        }

        for (int i = 0; i < batch.Entries.Count; i++)
        {
            LogEntry entry = batch.Entries[i];
            if (entry.Payload.Length > _options.RecordBytesMax)
            {
                return $"entry {entry.Index} of {entry.Payload.Length} bytes is larger than the limit of {_options.RecordBytesMax} (RecordBytesMax)";
            }
        }

        return bytes > BatchBytesMax ? $"a batch of {bytes} bytes is larger than the limit of {BatchBytesMax}" : null;
    }
}
