// Writes closed memtables to level 0, oldest first.
//
// Faults: a table that could not be written is thrown away and written again under another number after a rest, for as long as it takes; meanwhile
// writes run into their stall. A flush of the folder that fails poisons the tree.

using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Lsm.Memtables;
using SimGraph.Storage.Lsm.Tree;
using SimGraph.Storage.Lsm.Versions;

namespace SimGraph.Storage.Lsm.Compaction;

/// <summary>The task that flushes memtables.</summary>
internal sealed class FlushWorker(TreeCore core, TableShelf shelf, ManifestWriter manifest)
{
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (core.Failure is null && !core.IsClosed)
            {
                long seen = core.Changes.Count;
                Memtable[] waiting = core.State.Immutable;
                if (waiting.Length == 0)
                {
                    await core.Changes.WaitBeyondAsync(seen, stopping);
                }
                else if (!await TryFlushAsync(waiting[^1], stopping))
                {
                    await core.Platform.Clock.DelayAsync(core.Options.RetryDelay, stopping);
                }
            }
        }
        catch (LsmFailedException)
        {
            // Told where it happened; whoever waits hears of it by the tree's failure.
        }
        catch (LsmClosedException)
        {
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            core.Fail(exception);
            throw;
        }
    }

    private async Task<bool> TryFlushAsync(Memtable memtable, CancellationToken stopping)
    {
        if (memtable.HoldsNothing)
        {
            await manifest.CommitAsync(new VersionEdit(), memtable, NoteTrouble, stopping);
            return true;
        }

        var tombstones = new List<RangeTombstone>();
        memtable.Tombstones.AddTo(tombstones);
        var output = new TableOutput(core, shelf, tombstones, long.MaxValue);
        try
        {
            await WriteAsync(memtable, output, stopping);
        }
        catch (Exception exception) when (exception is DiskException or OperationCanceledException)
        {
            await output.AbandonAsync();
            if (exception is OperationCanceledException)
            {
                throw;
            }

            core.Counters.AddFailure();
            core.NoteFlushTrouble(exception.Message);
            core.Platform.Probes.Reachable("lsm.flush-failed");
            LsmEvents.LogFlushFailed(core.Logger, exception, core.Options.Folder, core.Options.RetryDelay);
            return false;
        }

        await TreeFolder.FlushAsync(core, CancellationToken.None);
        LsmTable table = output.Tables[0];
        if (!await manifest.CommitAsync(new VersionEdit { Added = [(0, table)] }, memtable, NoteTrouble, stopping))
        {
            await output.AbandonAsync();
            return true;
        }

        core.NoteFlushTrouble(null);
        core.Counters.AddFlush(table.Summary.Length);
        core.Platform.Probes.Reachable("lsm.flushed");
        string path = shelf.PathOf(table.Number);
        LsmEvents.LogFlushed(core.Logger, path, table.Summary.Entries, table.Summary.Length, memtable.LastSequence);
        return true;
    }

    private void NoteTrouble(DiskException exception) => core.NoteFlushTrouble(exception.Message);

    private async Task WriteAsync(Memtable memtable, TableOutput output, CancellationToken stopping)
    {
        var filter = new VersionFilter(core.Snapshots(), memtable.Tombstones, below: null);
        EntryCursor cursor = memtable.OpenCursor();
        await cursor.SeekToFirstAsync(stopping);
        while (cursor.IsValid)
        {
            if (filter.Keeps(cursor, out bool isNewKey))
            {
                await output.AddAsync(cursor, isNewKey, stopping);
            }

            bool moved = cursor.TryMoveNext();
            Invariant.Check(moved, "a memtable is in memory");
        }

        await output.FinishAsync(stopping);
    }
}
