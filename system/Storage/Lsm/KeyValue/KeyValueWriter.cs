// The one task that writes: log first, then tree, then the callers. Whatever queued up while the disk was busy goes into the next entry, which is what
// makes many writers share a flush.

using SimGraph.Runtime.Concurrency;
using SimGraph.Storage.Log;

namespace SimGraph.Storage.Lsm;

/// <summary>Combines the writes of many callers. <see cref="RunAsync"/> is run once, as a task.</summary>
internal sealed class KeyValueWriter(KeyValueOptions options, LsmTree tree, WriteAheadLog log, ulong lastIndex)
{
    private const ulong Term = 1;
    private const int GatherTurnsMax = 2;
    private readonly Mailbox<PendingWrite> _queue = new(options.QueueLengthMax);
    private readonly EndSignal _ended = new();
    private readonly List<PendingWrite> _group = [];
    private readonly WriteBatch _joined = new();
    private ulong _lastIndex = lastIndex;
    private Exception? _failure;

    public async Task WriteAsync(WriteBatch batch, CancellationToken cancellationToken)
    {
        tree.CheckLimits(batch);
        var write = new PendingWrite(batch);
        if (!_queue.TryPost(write) && !await _queue.PostAsync(write, cancellationToken))
        {
            throw NewClosedException();
        }

        await write.Done;
    }

    /// <summary>Refuses new writes, and ends when those that were taken are done, or the limit has passed.</summary>
    public async Task CloseAsync(TimeProvider clock, TimeSpan limit)
    {
        _queue.Close();
        await _ended.WaitAsync(clock, limit);
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        using TokenSubscription subscription = stopping.Subscribe(static queue => ((Mailbox<PendingWrite>)queue!).Close(), _queue);
        PendingWrite? left = null;
        try
        {
            while (left is not null || await _queue.WaitToReceiveAsync(CancellationToken.None))
            {
                left = TakeGroup(left);
                int answered = _group.Count;
                await WriteGroupAsync();
                await LetWritersComeBackAsync(answered);
            }
        }
        catch (Exception exception)
        {
            // A defect: nobody may wait for ever.
            Abandon(exception, left);
            throw;
        }
        finally
        {
            _ended.Set();
        }
    }

    // As in the log's flusher: those who were just answered are about to write again, and a flush for the first of them alone would double the flushes.
    private async Task LetWritersComeBackAsync(int answered)
    {
        for (int turn = 0; turn < GatherTurnsMax && answered > 1 && _queue.Count < answered; turn++)
        {
            await Task.Yield();
        }
    }

    // The first write, and others behind it as long as they fit. Returns the one that did not.
    private PendingWrite? TakeGroup(PendingWrite? first)
    {
        _group.Clear();
        _joined.Clear();
        long bytes = 0;
        while (true)
        {
            PendingWrite? next = first;
            first = null;
            if (next is null && !_queue.TryReceive(out next))
            {
                return null;
            }

            bytes += next.Batch.Bytes;
            if (_group.Count > 0 && bytes > options.GroupBytesMax)
            {
                return next;
            }

            _group.Add(next);
        }
    }

    private async Task WriteGroupAsync()
    {
        Exception? failure = _failure;
        if (failure is null)
        {
            try
            {
                await CommitAsync(JoinedBatch());
            }
            catch (LsmStalledException exception)
            {
                // Nothing was logged; the next group may have more luck.
                failure = exception;
            }
            catch (Exception exception) when (exception is LsmException or WriteAheadLogException or LogClosedException)
            {
                failure = _failure = exception is LogClosedException ? NewClosedException() : exception;
            }
        }

        foreach (PendingWrite write in _group)
        {
            if (failure is null)
            {
                write.Succeed();
            }
            else
            {
                write.Fail(failure);
            }
        }

        _group.Clear();
    }

    private WriteBatch JoinedBatch()
    {
        if (_group.Count == 1)
        {
            return _group[0].Batch;
        }

        foreach (PendingWrite write in _group)
        {
            _joined.Append(write.Batch);
        }

        return _joined;
    }

    private async ValueTask CommitAsync(WriteBatch batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        // Before it is logged: what is in the log must be applied.
        await tree.MakeRoomAsync(batch.Bytes, CancellationToken.None);
        ulong index = _lastIndex + 1;
        await log.AppendAsync(
            new LogBatch { Entries = [new LogEntry(index, Term, LogEntryKind.Command, batch.Encode())] }, CancellationToken.None);
        _lastIndex = index;
        try
        {
            await tree.ApplyAsync(batch, index, CancellationToken.None);
        }
        catch (LsmException exception)
        {
            throw new LsmException(
                $"entry {index} of the store in '{options.Tree.Folder}' is durable and not visible ({exception.Message}); open the store again", exception);
        }
    }

    private void Abandon(Exception exception, PendingWrite? left)
    {
        _queue.Close();
        var failure = new LsmException($"the store in '{options.Tree.Folder}' failed: {exception.Message}", exception);
        left?.Fail(failure);
        foreach (PendingWrite write in _group)
        {
            write.Fail(failure);
        }

        while (_queue.TryReceive(out PendingWrite write))
        {
            write.Fail(failure);
        }
    }

    private LsmClosedException NewClosedException() => new(options.Tree.Folder);
}
