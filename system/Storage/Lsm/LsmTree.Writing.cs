using SimGraph.Runtime;
using SimGraph.Runtime.Time;

namespace SimGraph.Storage.Lsm;

public sealed partial class LsmTree
{
    /// <summary>
    /// Makes a batch visible, as a whole, under a sequence above <see cref="LastSequence"/>; the batch may be used again afterwards. The caller has it
    /// durable already. One call at a time. Ends at once unless it has to wait for room.
    /// </summary>
    /// <exception cref="ArgumentException">The batch holds something larger than a limit of the options; nothing was changed.</exception>
    /// <exception cref="LsmStalledException">There was no room for too long; nothing was changed.</exception>
    /// <exception cref="LsmFailedException">The tree failed, now or before; nothing was changed.</exception>
    /// <exception cref="LsmClosedException">The tree is stopped; nothing was changed.</exception>
    public async ValueTask ApplyAsync(WriteBatch batch, ulong sequence, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Invariant.Check(Interlocked.Exchange(ref _writing, 1) == 0, "a tree has one writer at a time");
        try
        {
            Invariant.Check(sequence > _core.LastSequence, "sequences ascend");
            CheckLimits(batch);
            if (batch.Bytes > _room)
            {
                await MakeRoomCoreAsync(batch.Bytes, cancellationToken);
            }
            else
            {
                _core.ThrowIfNotWritable();
            }

            _room = 0;
            _core.Insert(batch, sequence);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    /// <summary>
    /// Waits until a batch of so many bytes can be applied without waiting. Who logs a batch before applying it asks first, so that what is logged is
    /// never refused. One call at a time, and not during <see cref="ApplyAsync"/>.
    /// </summary>
    /// <exception cref="LsmException">As <see cref="ApplyAsync"/>.</exception>
    public async ValueTask MakeRoomAsync(long bytes, CancellationToken cancellationToken)
    {
        Invariant.Check(Interlocked.Exchange(ref _writing, 1) == 0, "a tree has one writer at a time");
        try
        {
            await MakeRoomCoreAsync(bytes, cancellationToken);

            // It stays: only the writer takes room away.
            _room = bytes;
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    /// <summary>Throws if the tree cannot hold what the batch contains.</summary>
    /// <exception cref="ArgumentException">Names what is too large, and the option.</exception>
    public void CheckLimits(WriteBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Bytes > _core.Options.BatchBytesMax)
        {
            throw new ArgumentException(
                $"a batch of {batch.Bytes} bytes is larger than the limit of {_core.Options.BatchBytesMax} (BatchBytesMax)", nameof(batch));
        }

        if (batch.LongestKeyBytes > _core.Options.KeyBytesMax)
        {
            throw new ArgumentException(
                $"a key of {batch.LongestKeyBytes} bytes is longer than the limit of {_core.Options.KeyBytesMax} (KeyBytesMax)", nameof(batch));
        }

        if (batch.LongestValueBytes > _core.Options.ValueBytesMax)
        {
            throw new ArgumentException(
                $"a value of {batch.LongestValueBytes} bytes is longer than the limit of {_core.Options.ValueBytesMax} (ValueBytesMax)", nameof(batch));
        }
    }

    /// <summary>
    /// Flushes what was applied so far: afterwards <see cref="DurableSequence"/> covers it. Waits for a disk without room as long as writes do.
    /// </summary>
    /// <exception cref="LsmStalledException">No flush succeeded for too long; the tree goes on trying.</exception>
    /// <exception cref="LsmFailedException">The tree failed, now or before.</exception>
    /// <exception cref="LsmClosedException">The tree is stopped.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        _core.ThrowIfNotWritable();
        ulong sequence = _core.LastSequence;
        ulong durable = _core.DurableSequence;
        while (durable < sequence)
        {
            // Each memtable that is flushed is progress, and begins the time anew.
            using Deadline deadline = Deadline.After(_core.Platform.Clock, _core.Options.StallLimit, cancellationToken);
            try
            {
                durable = await FlushFurtherAsync(sequence, durable, deadline.Token);
            }
            catch (OperationCanceledException) when (deadline.Expired)
            {
                throw new LsmStalledException(_core.Options.Folder, _core.Options.StallLimit, _core.FlushTrouble ?? "the flush takes long");
            }
        }
    }

    private async Task<ulong> FlushFurtherAsync(ulong sequence, ulong from, CancellationToken cancellationToken)
    {
        while (true)
        {
            long seen = _core.Changes.Count;
            _core.ThrowIfNotWritable();
            ulong durable = _core.DurableSequence;
            if (durable > from)
            {
                return durable;
            }

            _core.RotateFor(sequence);
            await _core.Changes.WaitBeyondAsync(seen, cancellationToken);
        }
    }

    /// <summary>Waits until tables hold more than everything up to a sequence, and says up to which they do. Its caller truncates a log.</summary>
    /// <exception cref="LsmFailedException">The tree failed, now or before.</exception>
    /// <exception cref="LsmClosedException">The tree is stopped.</exception>
    public async ValueTask<ulong> WaitForDurableAsync(ulong beyond, CancellationToken cancellationToken)
    {
        while (true)
        {
            long seen = _core.Changes.Count;
            ulong durable = _core.DurableSequence;
            if (durable > beyond)
            {
                return durable;
            }

            _core.ThrowIfNotWritable();
            await _core.Changes.WaitBeyondAsync(seen, cancellationToken);
        }
    }

    /// <summary>Flushes, and brings everything of a range down to one level, deletes and hidden versions removed where no snapshot needs them.</summary>
    /// <exception cref="LsmException">It failed and is left as it is, or the tree is stopped.</exception>
    public async Task CompactAsync(LsmRange range, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        await _compaction.CompactAsync(range, cancellationToken);
    }

    private ValueTask MakeRoomCoreAsync(long bytes, CancellationToken cancellationToken)
    {
        _core.ThrowIfNotWritable();
        return _core.TryMakeRoom(bytes) is { } reason ? StallAsync(bytes, reason, cancellationToken) : ValueTask.CompletedTask;
    }

    private async ValueTask StallAsync(long bytes, string firstReason, CancellationToken cancellationToken)
    {
        LsmEvents.LogStalled(_core.Logger, _core.Options.Folder, firstReason);
        _core.Platform.Probes.Reachable("lsm.stalled");
        TimeProvider clock = _core.Platform.Clock;
        TimeSpan start = clock.Elapsed();
        using Deadline deadline = Deadline.After(clock, _core.Options.StallLimit, cancellationToken);
        try
        {
            while (true)
            {
                long seen = _core.Changes.Count;
                _core.ThrowIfNotWritable();
                if (_core.TryMakeRoom(bytes) is null)
                {
                    return;
                }

                try
                {
                    await _core.Changes.WaitBeyondAsync(seen, deadline.Token);
                }
                catch (OperationCanceledException) when (deadline.Expired)
                {
                    // Asked again, for the reason may have become a better one.
                    if (_core.TryMakeRoom(bytes) is { } lastReason)
                    {
                        throw new LsmStalledException(_core.Options.Folder, _core.Options.StallLimit, lastReason);
                    }

                    return;
                }
            }
        }
        finally
        {
            _core.Counters.AddStall(clock.Elapsed() - start);
        }
    }
}
