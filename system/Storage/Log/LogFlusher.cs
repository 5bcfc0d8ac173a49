// The background task behind a log: takes what is queued, writes it as one batch, flushes, tells the callers; then deletes segments if it was
// asked to. It alone touches the files, so a truncation cannot race with a flush or with a roll.
//
// Fault model: the first disk call that fails poisons the log for good. Nothing is retried: after a failed fsync the kernel may have dropped
// the pages and a second fsync would succeed without them. A batch is written only after the flush of the one before it succeeded; recovery
// relies on that (only the last batch can be torn), and so does a roll (a segment that has a successor is whole).

using Microsoft.Extensions.Logging;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Log;

/// <summary>Owns the segments of an open log. <see cref="RunAsync"/> is run once, as a task.</summary>
internal sealed class LogFlusher
{
    private const int GatherTurnsMax = 2;
    private readonly IPlatform _platform;
    private readonly WriteAheadLogOptions _options;
    private readonly AppendQueue _queue;
    private readonly ILogger _logger;
    private readonly SegmentCatalog _segments;
    private readonly RecordEncoder _encoder;
    private readonly List<PendingAppend> _taken = [];
    private SegmentWriter _segment;
    private LogPosition _start;
    private byte[] _state = [];
    private int _stateBytes = -1;

    public LogFlusher(IPlatform platform, WriteAheadLogOptions options, AppendQueue queue, RecoveredLog recovered, ILogger logger)
    {
        _platform = platform;
        _options = options;
        _queue = queue;
        _logger = logger;
        _encoder = new RecordEncoder(options);
        _segments = recovered.Replay.Segments;
        _segment = recovered.Segment;
        _start = recovered.Replay.Start;
        if (recovered.Replay.State is { } state)
        {
            KeepState(state);
        }
    }

    /// <summary>
    /// Runs until the queue is closed and all it accepted is done, or the disk fails. <paramref name="stopping"/> closes the queue: what was accepted
    /// is flushed nevertheless. Closes the files.
    /// </summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using TokenSubscription subscription = stopping.Subscribe(static queue => ((AppendQueue)queue!).Close(), _queue);
        try
        {
            while (await _queue.TakeAsync(_taken, CountToTake()))
            {
                await WriteBatchAsync();
                foreach (PendingAppend append in _taken)
                {
                    if (append.Batch is not null)
                    {
                        append.Succeed();
                    }
                }

                await TruncateAsync();
                await LetWritersComeBackAsync(_taken.Count);
                _taken.Clear();
            }
        }
        catch (DiskException exception)
        {
            Poison(exception);
        }
        catch (Exception exception)
        {
            // Not a disk's failure but a defect: nobody may wait forever for it, and the task's host has to hear of it.
            Poison(exception);
            throw;
        }
        finally
        {
            await _segment.DisposeAsync();
        }
    }

    // Those who were just answered are about to append again. Who took the first of them at once would flush for one, and let all others wait for
    // the flush after that: twice the flushes for the same writers. A single writer is not kept waiting.
    private async Task LetWritersComeBackAsync(int answered)
    {
        for (int turn = 0; turn < GatherTurnsMax && answered > 1 && _queue.Count < answered; turn++)
        {
            await Task.Yield();
        }
    }

    private int CountToTake() => _platform.Probes.Buggify("wal.batch-of-one") ? 1 : int.MaxValue;

    private void Poison(Exception exception)
    {
        _platform.Probes.Reachable("wal.poisoned");
        WriteAheadLogEvents.LogPoisoned(_logger, exception, _options.Directory);
        _queue.Poison(exception);
        foreach (PendingAppend append in _taken)
        {
            append.Fail(_queue.NewClosedException());
        }

        _taken.Clear();
    }

    private async Task WriteBatchAsync()
    {
        long bytesMax = 0;
        foreach (PendingAppend append in _taken)
        {
            bytesMax += append.Bytes;
        }

        if (bytesMax == 0)
        {
            return;
        }

        if (_segment.HasBatches && (_segment.Length + bytesMax > _options.SegmentBytesMax || _platform.Probes.Buggify("wal.roll-early")))
        {
            await RollAsync();
        }

        if (_taken.Count > 1)
        {
            _platform.Probes.Reachable("wal.batch-of-many");
        }

        Encode((int)bytesMax);
        if (!_encoder.Encoded.IsEmpty)
        {
            await _segment.AppendAsync(_encoder.Encoded);
        }
    }

    private void Encode(int bytesMax)
    {
        _encoder.BeginBatch(_segment, bytesMax);
        foreach (PendingAppend append in _taken)
        {
            if (append.Batch is not { } batch)
            {
                continue;
            }

            if (batch.State is { } state)
            {
                _encoder.AddState(state.Span);
                KeepState(state.Span);
            }

            if (append.StartEffect != StartEffect.None)
            {
                _start = batch.Start!.Value;
                _encoder.AddStart(_start, append.StartEffect);
                if (append.StartEffect == StartEffect.ForgetsAll)
                {
                    _segments.ForgetAll();
                }
            }

            for (int i = 0; i < batch.Entries.Count; i++)
            {
                _encoder.AddEntry(batch.Entries[i]);
                _segments.Append(batch.Entries[i].Index);
            }
        }
    }

    private async Task RollAsync()
    {
        await _segment.SealAsync();
        ulong sequence = _segment.Sequence + 1;

        // The cast matters: a bare null would become empty memory, a state that nobody ever appended.
        ReadOnlyMemory<byte>? state = _stateBytes < 0 ? (ReadOnlyMemory<byte>?)null : _state.AsMemory(0, _stateBytes);
        _encoder.EncodeHead(sequence, _segment.Length, state, _start);
        SegmentWriter next = await SegmentWriter.CreateAsync(
            _platform.Disk, _options, sequence, _encoder.Encoded, CancellationToken.None);
        SegmentWriter full = _segment;
        _segment = next;
        _segments.Begin(sequence);
        _platform.Probes.Reachable("wal.segment-rolled");
        WriteAheadLogEvents.LogSegmentBegun(_logger, next.Path);
        await full.DisposeAsync();
    }

    // One after the other and oldest first, each made durable before the next: power loss must never leave a gap in the numbers.
    private async Task TruncateAsync()
    {
        foreach (PendingAppend append in _taken)
        {
            if (append.Batch is not null)
            {
                continue;
            }

            // What lies behind the durable start is needed, whatever the caller says.
            ulong index = Math.Min(append.TruncateUpTo, _start.Index);
            if (_segment.HasBatches && _segments.TryGetRemovable(index, out _))
            {
                // The start must stand in a head before what it makes superfluous goes: if it stood in the last batch alone, and that were damaged
                // later, the log would look as if it had never held more than a torn tail.
                await RollAsync();
            }

            while (_segments.TryGetRemovable(index, out ulong sequence))
            {
                string path = DiskPath.Join(_options.Directory, SegmentName.Of(sequence));
                await _platform.Disk.DeleteAsync(path, CancellationToken.None);
                await _platform.Disk.FlushDirectoryAsync(_options.Directory, CancellationToken.None);
                _segments.RemoveOldest();
                _platform.Probes.Reachable("wal.segment-deleted");
                WriteAheadLogEvents.LogSegmentDeleted(_logger, path);
            }

            append.Succeed();
        }
    }

    private void KeepState(ReadOnlySpan<byte> state)
    {
        if (state.Length > _state.Length)
        {
            _state = new byte[state.Length];
        }

        state.CopyTo(_state);
        _stateBytes = state.Length;
    }
}
